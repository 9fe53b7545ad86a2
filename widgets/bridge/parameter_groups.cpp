// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/parameter_groups.h"

#include "core/base/pattern.h"

namespace netwright::bridge {

std::vector<WeightSize> weightsOf(const program::Program& program) {
  std::vector<WeightSize> weights;
  for (const program::State& s : program.states)
    if (s.kind == program::StateKind::Parameter)
      weights.push_back({s.name, product(program.tensorType(s.value).shape).constant().value_or(0)});
  return weights;
}

std::vector<GroupMembers> groupMembers(const run::Objective& objective, const std::vector<WeightSize>& weights) {
  std::vector<std::string> patterns;
  for (const run::ParameterGroup& g : objective.groups) patterns.push_back(g.parameters);
  std::vector<GroupMembers> members(patterns.size() + 1);
  for (const WeightSize& weight : weights) {
    if (!matchesPattern(weight.name, objective.parameters)) continue;
    const size_t first = firstMatch(weight.name, patterns);
    members[first].names << QString::fromStdString(weight.name);
    members[first].numbers += weight.numbers;
    for (size_t g = first + 1; g < patterns.size(); ++g) members[g].taken += matchesPattern(weight.name, patterns[g]);
  }
  return members;
}

}  // namespace netwright::bridge
