// SPDX-License-Identifier: Apache-2.0
// What a Thing of the language is while an expression node is compiled. Internal to core/layers/expressions.
#pragma once

#include <variant>
#include <vector>

#include "core/language/interpreter.h"
#include "core/layers/lowering.h"

namespace netwright::layers::expressions {

struct Start {                  // how a weight begins
  std::string name;             // "xavier_uniform"
  std::vector<double> numbers;  // its arguments
};
struct Weight {  // param(...), until a name is given to it
  Shape shape;
  Start start;
};

using Entity = std::variant<Value, Dim, DType, program::TrainingFlag, Weight, Start>;

}  // namespace netwright::layers::expressions
