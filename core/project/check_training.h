// SPDX-License-Identifier: Apache-2.0
// Whether what a run lowers, trains, freezes and measures exists in the network. Used by prepare.cpp.
#pragma once

#include <vector>

#include "core/data/dataset.h"
#include "core/project/prepare.h"

namespace netwright::project {

// Objectives without a loss, losses without an objective, parameters with two owners or none, patterns without a match.
Diagnostics checkTraining(const run::RunConfig& config, const layers::Lowered& lowered);
// How parameters begin, from the settings.
std::vector<program::Start> startsOf(const run::RunConfig& config, const program::Program& program);
// Where each metric of the settings finds its values; what is wrong goes to the diagnostics.
void bindMetrics(const run::RunConfig& config, const std::vector<data::ColumnSpec>& columns, Prepared& out);

// The column of that name, or the only one of that role; -1.
int columnIndex(const std::vector<data::ColumnSpec>& columns, const std::string& name, data::Role role);
std::string columnNames(const std::vector<data::ColumnSpec>& columns);

}  // namespace netwright::project
