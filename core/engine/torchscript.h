// SPDX-License-Identifier: Apache-2.0
// Runs a TorchScript archive with LibTorch, to prove an export. Only for files that this program has just written.
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/host_tensor.h"

namespace netwright::engine {

// Inputs in the order of forward's arguments; outputs as "0", "1", ... Throws Error{Input} with LibTorch's first line.
std::vector<NamedTensor> runTorchScript(const std::filesystem::path& file, const std::vector<NamedTensor>& inputs);

}  // namespace netwright::engine
