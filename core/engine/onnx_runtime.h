// SPDX-License-Identifier: Apache-2.0
// Runs an ONNX file with the machine's own ONNX Runtime, to prove an export. The library is looked for, never needed:
// NETWRIGHT_ONNXRUNTIME (its path), libonnxruntime.so where the loader looks, or in the Python that runs as python3.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/host_tensor.h"

namespace netwright::engine {

// "ONNX Runtime 1.22.0"; nullopt where there is none. Any thread; looks once.
std::optional<std::string> onnxRuntimeVersion();
// Inputs by name; the outputs in the file's order, with their names. On one thread, without rewrites of the graph.
// Throws Error{Input} with the runtime's own words; only where there is a runtime.
std::vector<NamedTensor> runOnnx(const std::filesystem::path& file, const std::vector<NamedTensor>& inputs);

}  // namespace netwright::engine
