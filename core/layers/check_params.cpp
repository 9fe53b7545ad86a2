// SPDX-License-Identifier: Apache-2.0
#include "core/layers/check_params.h"

#include <fmt/format.h>

#include <optional>

#include "core/layers/registry.h"

namespace netwright::layers {

Diagnostic diagnose(const char* code, const graph::Node& node, std::map<std::string, std::string> args) {
  Diagnostic d;
  d.code = code;
  d.args = std::move(args);
  d.args["layer"] = label(node);
  d.node = {node.id};
  return d;
}

Diagnostics checkParams(const LayerSpec& layer, const graph::Node& node) {
  Diagnostics found;
  for (const ParamSpec& spec : layer.params) {
    const auto it = node.params.find(spec.name);
    const auto problem = it == node.params.end() ? std::optional<std::string>("is missing") : spec.problem(it->second);
    if (!problem) continue;
    Diagnostic d = diagnose("NW-P001", node, {{"param", spec.name}, {"problem", *problem}});
    d.param = spec.name;
    d.fixes = {{fmt::format("Set {} to {}", spec.name, toText(spec.fallback)),
                {SetParamStep{node.id, spec.name, spec.fallback}}}};
    found.push_back(std::move(d));
  }
  for (const auto& [name, value] : node.params)
    if (!layer.findParam(name)) {
      found.push_back(diagnose("NW-P002", node, {{"param", name}}));
      found.back().severity = Severity::Warning;
      found.back().param = name;
    }
  return found;
}

}  // namespace netwright::layers
