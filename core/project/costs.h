// SPDX-License-Identifier: Apache-2.0
// What training a project costs, before it is trained.
#pragma once

#include <optional>

#include "core/program/memory.h"
#include "core/project/prepare.h"

namespace netwright::project {

// Of a step with `batch` samples; the optimiser of the first objective stands for all. None if the network has errors,
// or sizes that depend on more than the batch.
std::optional<program::TrainingMemory> trainingMemory(const Project& project, const Prepared& prepared, int64_t batch);

}  // namespace netwright::project
