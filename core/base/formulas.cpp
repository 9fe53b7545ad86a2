// SPDX-License-Identifier: Apache-2.0
#include "core/base/formulas.h"

namespace netwright {

bool setFormula(Attributes& formulas, const std::string& name, const Attribute& value) {
  if (std::holds_alternative<Formula>(value)) return formulas[name] = value, true;
  formulas.erase(name);
  return false;
}

Attribute settingOf(double number, const Attributes& formulas, const ParamSpec& spec) {
  const auto formula = formulas.find(spec.name);
  return formula == formulas.end() ? Attribute(number) : formula->second;
}

void setSetting(double& number, Attributes& formulas, const ParamSpec& spec, const Attribute& value) {
  number = numbers(setFormula(formulas, spec.name, value) ? spec.fallback : value).value().front();
}

void eachFormula(Attributes& params, const std::string& owner, const FormulaVisit& visit) {
  for (auto& [name, value] : params)
    if (std::holds_alternative<Formula>(value)) visit(owner, name, value);
}

std::optional<Attribute> settled(const Attribute& given, const std::string& owner, const std::string& name,
                                 const ParamSpec* spec, const FormulaValue& value, Diagnostics& found) {
  const auto* formula = std::get_if<Formula>(&given);
  if (!formula) return given;
  FormulaWorth worth = value(formula->text);
  Diagnostic d;
  d.param = name;
  d.args = {{"layer", owner}, {"param", name}};
  if (!worth.problem.empty()) {
    d.code = "NW-F001";
    d.args["formula"] = formula->text;
    d.args["problem"] = worth.problem;
  } else if (const auto problem = spec ? spec->problem(worth.value) : std::nullopt) {
    d.code = "NW-P001";
    d.args["problem"] = *problem;
  } else {
    return std::move(worth.value);
  }
  found.push_back(std::move(d));
  return std::nullopt;
}

void settle(Attributes& params, const std::string& owner, const FormulaValue& value, Diagnostics& found) {
  for (auto it = params.begin(); it != params.end();) {
    auto settledOne = settled(it->second, owner, it->first, nullptr, value, found);
    if (settledOne) it->second = std::move(*settledOne);
    it = settledOne ? std::next(it) : params.erase(it);
  }
}

}  // namespace netwright
