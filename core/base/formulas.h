// SPDX-License-Identifier: Apache-2.0
// Settings whose values formulas tell: finds the formulas and puts values in their place.
#pragma once

#include <functional>
#include <string>

#include "core/base/diagnostic.h"
#include "core/base/param_spec.h"

namespace netwright {

// What a formula comes to, or why it comes to nothing.
struct FormulaWorth {
  Attribute value;
  std::string problem;  // empty: none
};
using FormulaValue = std::function<FormulaWorth(const std::string& formula)>;
// Sees a formula, whose setting it is ("The run", "Adam") and that setting's name; may change it.
using FormulaVisit = std::function<void(const std::string& owner, const std::string& name, Attribute& formula)>;

// Keeps a formula under the name of what it tells, and forgets the one before; false for a value that is none. The
// setting itself has its default then.
bool setFormula(Attributes& formulas, const std::string& name, const Attribute& value);

// A number that has its formula beside it: what it is worth or said to be, and changing it.
Attribute settingOf(double number, const Attributes& formulas, const ParamSpec& spec);
void setSetting(double& number, Attributes& formulas, const ParamSpec& spec, const Attribute& value);

void eachFormula(Attributes& params, const std::string& owner, const FormulaVisit& visit);

// The value of one setting, formula or not; nullopt, once told, if there is none that is legal for `spec` (null: any).
std::optional<Attribute> settled(const Attribute& given, const std::string& owner, const std::string& name,
                                 const ParamSpec* spec, const FormulaValue& value, Diagnostics& found);
// Puts values in place of the formulas; what has none is left out and told.
void settle(Attributes& params, const std::string& owner, const FormulaValue& value, Diagnostics& found);

}  // namespace netwright
