// SPDX-License-Identifier: Apache-2.0
// A written model.py run by a Python with PyTorch, if the machine has one. Used by the exporter of PyTorch projects.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/host_tensor.h"

namespace netwright::convert::pytorch {

struct PythonResult {
  std::string version;                            // of PyTorch: "2.13.0"
  std::vector<std::vector<NamedTensor>> outputs;  // one list for each list of inputs, in the order of forward()
};

// Loads the network of the folder in evaluation mode and computes each list of inputs. Nothing but model.py is run, and
// nothing is written into the folder. The Python is NETWRIGHT_PYTHON or, where that is not set, python3.
// nullopt: `missing` tells, as the end of a sentence, which Python was looked for in vain. Throws Error{Environment}
// with what Python said if the network does not run, Error{Input} if it is stopped.
std::optional<PythonResult> runModel(const std::filesystem::path& folder,
                                     const std::vector<std::vector<NamedTensor>>& inputs, std::string& missing,
                                     const std::stop_token& stop = {});

}  // namespace netwright::convert::pytorch
