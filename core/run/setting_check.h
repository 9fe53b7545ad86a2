// SPDX-License-Identifier: Apache-2.0
// Diagnostics of settings: unknown names and values out of range. Used by the checks of settings and schedules.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/base/param_spec.h"
#include "core/base/text.h"

namespace netwright::run {

inline Diagnostic unknownName(const char* what, const std::string& name, const std::vector<std::string>& known) {
  Diagnostic d;
  d.code = "NW-R002";
  d.args = {{"what", what}, {"name", name}, {"nearest", nearest(name, known)}, {"known", joined(known, ", ")}};
  return d;
}

inline Diagnostic badValue(const std::string& where, const std::string& param, const std::string& problem) {
  Diagnostic d;
  d.code = "NW-P001";
  d.args = {{"layer", where}, {"param", param}, {"problem", problem}};
  d.param = param;
  return d;
}

// The settings of `what` against the specs it has.
inline void checkParams(const Attributes& params, const std::vector<ParamSpec>& specs, const std::string& what,
                        Diagnostics& found) {
  for (const auto& [name, value] : params) {
    const auto p = std::find_if(specs.begin(), specs.end(), [&](const ParamSpec& s) { return s.name == name; });
    const auto problem =
        p == specs.end() ? std::optional<std::string>("is not one of its parameters") : p->problem(value);
    if (problem) found.push_back(badValue(what, name, *problem));
  }
}

template <class Spec>
std::vector<std::string> idsOf(const std::vector<Spec>& specs) {
  std::vector<std::string> ids;
  for (const Spec& s : specs) ids.push_back(s.id);
  return ids;
}

}  // namespace netwright::run
