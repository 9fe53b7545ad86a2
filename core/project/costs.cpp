// SPDX-License-Identifier: Apache-2.0
#include "core/project/costs.h"

#include "core/project/settle.h"
#include "core/run/optimiser.h"

namespace netwright::project {

std::optional<program::TrainingMemory> trainingMemory(const Project& project, const Prepared& prepared, int64_t batch) {
  if (!prepared.lowered.ok() || project.run.objectives.empty()) return std::nullopt;
  return program::trainingMemory(prepared.lowered.program, {{"N", batch}},
                                 run::statesPerWeight(settledRun(project).objectives.front().optimiser));
}

}  // namespace netwright::project
