// SPDX-License-Identifier: Apache-2.0
// How PyTorch spells the ops of the catalogue: which are functions of torch, of torch.nn.functional, methods of a
// tensor. Used by the compiler of expression nodes, by the editor's proposals and by the writer of PyTorch source.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/program/catalogue.h"

namespace netwright::layers::expressions {

struct Function {
  std::string name;       // "softmax"
  bool inTorch = false;   // torch.softmax
  bool inF = false;       // torch.nn.functional.softmax
  bool isMethod = false;  // x.softmax
  // Names of the schema's arguments that may be given by place, in PyTorch's order; empty: all, in the schema's.
  std::vector<std::string> places;
  bool onlyFirst = false;  // of its results
  bool variadic = false;   // tensors of a list may be given one by one: einsum
  std::vector<const program::OpInfo*> overloads;

  std::string module() const;     // where a name without one is meant to be: "F.gelu", "torch.cat", "Tensor.expand"
  std::string signature() const;  // "softmax(self, dim, dtype=None)", of the first overload
};

const std::vector<Function>& functions();             // by name
const Function* findFunction(std::string_view name);  // without module; null: unknown
// "torch.softmax" -> "torch." and "softmax"; the module is empty where there is none, and kept where it is unknown.
struct Path {
  std::string module, name;
};
Path pathOf(const std::string& spelled);

}  // namespace netwright::layers::expressions
