// SPDX-License-Identifier: Apache-2.0
// Formulas of parameters and variables: `channels * 4`, `"gelu" if deep else "relu"`, `(k, k)`. Python's expressions
// over numbers, texts and lists of numbers, with whole numbers of 64 bits. Nothing throws; hostile texts end in a
// mistake.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/formulas.h"
#include "core/language/source.h"

namespace netwright::language {

using Names = Attributes;  // what each name stands for

struct Evaluated {
  Attribute value;
  std::optional<Mistake> mistake;  // then `value` means nothing
  bool ok() const { return !mistake; }
};
Evaluated evaluate(std::string_view formula, const Names& names);

FormulaValue valuesAmong(Names names);  // evaluate() as settings want it

// The names that a formula needs, in the order of their first use, without functions (max, sqrt) and what it sets
// itself ([i for i in ...]). Empty for a text that cannot be read.
std::vector<std::string> namesIn(std::string_view formula);

// Why a variable cannot be called so, with the repair; empty: it can.
std::string nameProblem(const std::string& name);

struct Definition {
  std::string name;
  std::optional<std::string> formula;  // over the other variables, in any order
  Attribute value;                     // without formula
};
struct Resolved {
  Names values;                        // of those without mistakes
  std::map<size_t, Mistake> mistakes;  // by index; what needs a variable with a mistake has one itself
};
Resolved resolveVariables(const std::vector<Definition>& definitions);

}  // namespace netwright::language
