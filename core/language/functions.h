// SPDX-License-Identifier: Apache-2.0
// Python's functions of numbers, texts and lists. Used by the interpreter; the editor offers them.
#pragma once

#include <string_view>
#include <vector>

#include "core/language/value.h"

namespace netwright::language {

struct Function {
  std::string_view name;       // "max"; also known as math.max where Python has it there
  std::string_view signature;  // "max(a, b, ...)"
  std::string_view doc;        // one sentence
  size_t least, most;          // arguments
  Outcome (*call)(const std::vector<Value>& arguments);
};
const std::vector<Function>& functions();
const Function* findFunction(std::string_view name);        // null: unknown. Takes "sqrt" and "math.sqrt".
std::optional<double> findConstant(std::string_view name);  // math.pi, math.e, math.inf, math.nan

}  // namespace netwright::language
