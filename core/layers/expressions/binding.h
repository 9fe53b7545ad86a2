// SPDX-License-Identifier: Apache-2.0
// Arguments as people write them, turned into those of an op by its schema: names, defaults and types come from there.
// Internal to core/layers/expressions.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/layers/expressions/entity.h"
#include "core/layers/expressions/functions.h"

namespace netwright::layers::expressions {

struct Mismatch {
  std::string why;                             // as a Mistake says it
  language::NodeIndex at = language::kNoNode;  // the argument at fault; kNoNode: the call
  size_t bound = 0;                            // arguments before it: of several overloads the nearest is told
};

struct Given {
  const std::deque<Entity>& entities;                // of Things
  const std::vector<language::Argument>& arguments;  // a method's object is the first
  bool isMethod = false;
  std::function<Value(const language::Value& number)> asTensor;  // null: numbers are not taken for tensors
};

std::variant<std::vector<Argument>, Mismatch> bind(const Function& function, const program::OpInfo& op,
                                                   const Given& given);

}  // namespace netwright::layers::expressions
