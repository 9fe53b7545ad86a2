// SPDX-License-Identifier: Apache-2.0
#include "core/base/param_json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/json.h"

namespace netwright {
namespace {

constexpr std::array kKinds{"int", "float", "bool", "choice", "text", "ints", "floats", "inferred"};

}  // namespace

Json toJson(const ParamSpec& spec) {
  Json json{{"name", spec.name}, {"kind", kKinds[static_cast<size_t>(spec.kind)]}, {"default", toJson(spec.fallback)}};
  if (spec.minimum) json["min"] = *spec.minimum;
  if (spec.minimumExclusive) json["min_exclusive"] = true;
  if (spec.maximum) json["max"] = *spec.maximum;
  if (spec.nullable) json["nullable"] = true;
  if (spec.length) json["length"] = spec.length;
  if (!spec.choices.empty()) json["choices"] = spec.choices;
  if (!spec.unit.empty()) json["unit"] = spec.unit;
  if (!spec.doc.empty()) json["doc"] = spec.doc;
  if (spec.main) json["main"] = true;
  return json;
}

ParamSpec paramSpecFromJson(const Json& json, const std::string& source) {
  if (!json.is_object()) failInput(fmt::format("{}: a parameter is not an object.", source), "", "Correct it.");
  ParamSpec spec;
  spec.name = jsonGet<std::string>(json, "name", "", source);
  if (spec.name.empty()) failInput(fmt::format("{}: a parameter has no 'name'.", source), "", "Give it one.");
  const std::string where = fmt::format("{}, parameter '{}'", source, spec.name);
  const std::string kind = jsonGet<std::string>(json, "kind", "int", where);
  const auto known = std::find(kKinds.begin(), kKinds.end(), kind);
  if (known == kKinds.end())
    failInput(fmt::format("{}: 'kind' should be one of {} but is '{}'.", where, fmt::join(kKinds, ", "), kind), "",
              "Correct it.");
  spec.kind = static_cast<ParamKind>(known - kKinds.begin());
  if (json.contains("min")) spec.minimum = jsonGet<double>(json, "min", 0, where);
  spec.minimumExclusive = jsonGet<bool>(json, "min_exclusive", false, where);
  if (json.contains("max")) spec.maximum = jsonGet<double>(json, "max", 0, where);
  spec.nullable = jsonGet<bool>(json, "nullable", false, where);
  spec.length = static_cast<size_t>(std::clamp<int64_t>(jsonGet<int64_t>(json, "length", 0, where), 0, 64));
  for (const Json& choice : json.value("choices", Json::array())) {
    if (!choice.is_string()) failInput(fmt::format("{}: 'choices' should be texts.", where), "", "Correct them.");
    spec.choices.push_back(choice.get<std::string>());
  }
  spec.unit = jsonGet<std::string>(json, "unit", "", where);
  spec.doc = jsonGet<std::string>(json, "doc", "", where);
  spec.main = jsonGet<bool>(json, "main", false, where);
  if (const auto fallback = json.find("default"); fallback != json.end())
    spec.fallback = attributeFromJson(*fallback, where);
  if (const auto problem = spec.problem(spec.fallback))
    failInput(fmt::format("{}: the default {}.", where, *problem), "", "Correct it.");
  return spec;
}

}  // namespace netwright
