// SPDX-License-Identifier: Apache-2.0
#include "core/project/settle.h"

#include "core/graph/expand.h"
#include "core/graph/formula.h"
#include "core/language/scalar.h"

namespace netwright::project {
namespace {

template <class Config>
Config settledPart(Config config, const Project& project, Diagnostics* problems) {
  bool any = false;
  eachFormula(config, [&](const std::string&, const std::string&, Attribute&) { any = true; });
  if (!any) return config;
  Diagnostics found = settle(config, formulaValue(project));
  if (problems) problems->insert(problems->end(), found.begin(), found.end());
  return config;
}

}  // namespace

FormulaValue formulaValue(const Project& project) { return language::valuesAmong(graph::namesIn(project.graph, {})); }

run::RunConfig settledRun(const Project& project, Diagnostics* problems) {
  return settledPart(project.run, project, problems);
}

data::DataConfig settledData(const Project& project, Diagnostics* problems) {
  return settledPart(project.data, project, problems);
}

Project settled(Project project, Diagnostics* problems) {
  project.run = settledRun(project, problems);
  project.data = settledData(project, problems);
  return project;
}

void renameInSettings(Project& project, const std::string& from, const std::string& to) {
  const FormulaVisit rename = [&](const std::string&, const std::string&, Attribute& value) {
    auto& formula = std::get<Formula>(value);
    formula.text = graph::replacedNames(
        formula.text, [&](const std::string& name) { return name == from ? std::optional(to) : std::nullopt; });
  };
  eachFormula(project.run, rename);
  eachFormula(project.data, rename);
}

}  // namespace netwright::project
