// SPDX-License-Identifier: Apache-2.0
#include "core/graph/scope.h"

#include <optional>
#include <string>

#include "core/graph/expand.h"
#include "core/language/scalar.h"

namespace netwright::graph {

Mistakes resolve(const std::vector<Variable>& variables, Attributes& names) {
  std::vector<language::Definition> definitions;
  for (const auto& [name, value] : names) definitions.push_back({name, std::nullopt, value});
  const size_t known = definitions.size();
  for (const Variable& v : variables) {
    const auto* formula = std::get_if<Formula>(&v.value);
    std::erase_if(definitions, [&](const auto& d) { return &d < definitions.data() + known && d.name == v.name; });
    definitions.push_back({v.name, formula ? std::optional(formula->text) : std::nullopt, v.value});
  }
  const language::Resolved resolved = language::resolveVariables(definitions);
  names = resolved.values;
  Mistakes mistakes;
  for (const auto& [index, mistake] : resolved.mistakes)
    mistakes.emplace_back(definitions[index].name, mistake.message);
  return mistakes;
}

Attributes namesIn(const Document& document, BlockId body) {
  Attributes names;
  resolve(document.variables, names);
  const Block* block = document.findBlock(body);
  if (!block) return names;
  names[kIndex] = int64_t{0};
  names[kRepeat] = int64_t{1};
  for (const ParamSpec& p : block->params) names[p.name] = p.fallback;
  resolve(block->body.variables, names);
  return names;
}

}  // namespace netwright::graph
