// SPDX-License-Identifier: Apache-2.0
// Who computes the reference numbers of a verification. The engine process implements it; tests bring their own.
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/host_tensor.h"

namespace netwright::convert {

class Evaluator {
 public:
  virtual ~Evaluator() = default;
  // The program's outputs in evaluation mode for inputs given by name, in the order of Program::outputs. The weights
  // are those of the ExportInput. Throws Error.
  virtual std::vector<NamedTensor> evaluate(const std::vector<NamedTensor>& inputs) = 0;
  // Loads a TorchScript file, calls eval() and forward(inputs in this order). Results in the order of the returned
  // tuple; their names do not matter. Throws Error.
  virtual std::vector<NamedTensor> evaluateTorchScript(const std::filesystem::path& path,
                                                       const std::vector<NamedTensor>& inputs) = 0;
};

}  // namespace netwright::convert
