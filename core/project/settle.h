// SPDX-License-Identifier: Apache-2.0
// A project's settings with the values of their formulas, which the project's variables decide. What trains, measures
// or exports works on a settled project; what edits or stores one keeps the formulas.
#pragma once

#include "core/project/project.h"

namespace netwright::project {

// The settings without formulas. What comes to nothing has its default, and a diagnostic that `problems` receives
// (null: prepare() tells). Never throws.
Project settled(Project project, Diagnostics* problems = nullptr);
run::RunConfig settledRun(const Project& project, Diagnostics* problems = nullptr);
data::DataConfig settledData(const Project& project, Diagnostics* problems = nullptr);

FormulaValue formulaValue(const Project& project);  // what a formula of its settings comes to

// Another name in all formulas of the settings, as graph::renameVariable gives it to those of the graph.
void renameInSettings(Project& project, const std::string& from, const std::string& to);

}  // namespace netwright::project
