// SPDX-License-Identifier: Apache-2.0
// Ops that are a module of torch::nn with weights of its own. Used by the LibTorch exporter.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/program/program.h"

namespace netwright::convert::libtorch {

struct TorchModule {
  std::string type;                    // "torch::nn::Linear"
  std::string construction;            // "torch::nn::Linear(torch::nn::LinearOptions(12, 8))"
  std::string input;                   // the op's argument that forward() takes
  std::vector<std::string> arguments;  // of the op, that are its weights
  std::vector<std::string> slots;      // what the module calls them
  bool counts = false;                 // it has num_batches_tracked too
};
// nullopt: the op is no such module, or differs from it.
std::optional<TorchModule> torchModule(const program::Program& program, const program::Op& op);

}  // namespace netwright::convert::libtorch
