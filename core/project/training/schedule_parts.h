// SPDX-License-Identifier: Apache-2.0
// A schedule in PyTorch's words, for train.py. Used by optimiser_parts.cpp.
#pragma once

#include <string>
#include <vector>

#include "core/run/schedule.h"

namespace netwright::project {

// The lines that make it for `optimiser`, the last ending in `)`. `rate`: the optimiser's learning rate; `length`: a
// Python expression for the steps it has, such as EPOCHS. Throws Error{Input} for what PyTorch has no words for.
std::vector<std::string> scheduleLines(const run::Schedule& schedule, double rate, const std::string& length);

}  // namespace netwright::project
