// SPDX-License-Identifier: Apache-2.0
// Rewrites of a plan that cost less and compute the very same bits, forward and backward. Internal to the engine.
#pragma once

#include <set>

#include "core/engine/plan.h"

namespace netwright::engine {

// `kept`: slots that are read after the plan has run; their values stay what the program says. Others may differ.
void rewrite(Plan& plan, const program::Program& program, const PlanOptions& options, const std::set<int>& kept);

}  // namespace netwright::engine
