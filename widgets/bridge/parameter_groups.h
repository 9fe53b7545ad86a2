// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a network's parameters each group of an objective holds, by the engine's rule: the first that matches
// counts. Used by the settings form.
#pragma once

#include <QStringList>
#include <vector>

#include "core/program/program.h"
#include "core/run/config.h"

namespace netwright::bridge {

struct WeightSize {
  std::string name;  // "conv1.weight"
  int64_t numbers = 0;
};
std::vector<WeightSize> weightsOf(const program::Program& program);  // that are trained

struct GroupMembers {
  QStringList names;
  ;
  int64_t numbers = 0;  // that these weights hold together
  int taken = 0;        // weights that match too, but belong to a group before
};

// One for each group, and behind them those that are in none. Weights that the objective does not train are left out.
std::vector<GroupMembers> groupMembers(const run::Objective& objective, const std::vector<WeightSize>& weights);

}  // namespace netwright::bridge
