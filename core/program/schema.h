// SPDX-License-Identifier: Apache-2.0
// ATen operator schemas, parsed from their text. A test compares every text with LibTorch's dispatcher.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/program/argument.h"

namespace netwright::program {

struct SchemaArgument {
  std::string
      type;  // without alias marks: "Tensor", "Tensor?", "int[2]", "SymInt", "float", "Scalar", "str", "ScalarType?"
  std::string name;
  std::optional<Argument> fallback;
  bool isTensor() const { return type == "Tensor" || type == "Tensor?"; }
};

struct Schema {
  std::string name, overload;  // "softmax", "int"
  std::vector<SchemaArgument> arguments;
  std::vector<std::string> returns;
  std::string id() const { return overload.empty() ? name : name + "." + overload; }
  // Position of an argument; asserts that it exists.
  size_t index(const std::string& argument) const;
};

// Parses "aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor". The namespace may be
// another. Asserts on text that is no schema.
Schema parseSchema(const std::string& text);

}  // namespace netwright::program
