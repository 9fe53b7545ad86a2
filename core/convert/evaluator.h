// SPDX-License-Identifier: Apache-2.0
// Who computes the reference numbers of a verification. The engine process implements it; tests bring their own.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
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
  // Runs an ONNX file with the machine's ONNX Runtime; nullopt where there is none. Throws Error.
  struct Outside {
    std::string by;  // "ONNX Runtime 1.22.0"
    std::vector<NamedTensor> outputs;
  };
  virtual std::optional<Outside> evaluateOnnx(const std::filesystem::path&, const std::vector<NamedTensor>&) {
    return std::nullopt;
  }
  // The result of each op in the order of execution, by the name of its value: to find where two evaluations part.
  // Empty where that is not known.
  virtual std::vector<NamedTensor> values(const std::vector<NamedTensor>&) { return {}; }
};

}  // namespace netwright::convert
