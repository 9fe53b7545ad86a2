// SPDX-License-Identifier: Apache-2.0
// A program as a torch::nn::Module in C++: sub-modules by the dotted names of nodes, so that weights have the keys of
// our state_dict, and forward(), op by op. Used by the LibTorch exporter.
#pragma once

#include <optional>
#include <string>

#include "core/convert/exporter.h"

namespace netwright::convert::libtorch {

// Why an op cannot be written, as the end of a sentence; nullopt if it can.
std::optional<std::string> refusal(const program::Program& program, const program::Op& op);

std::string torchType(DType type);  // "torch::kFloat32"

struct Source {
  std::string name;  // of the files and the namespace: "digits_cnn"
  std::string header, code, example, cmake, readme;
};
// Only for programs that the exporter's check() has passed.
Source printSource(const ExportInput& input);

}  // namespace netwright::convert::libtorch
