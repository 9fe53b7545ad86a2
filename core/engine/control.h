// SPDX-License-Identifier: Apache-2.0
// Runs branches and loops (program/control.h) as they come: by what tensors hold, with gradients if they are on.
// Internal to the engine.
#pragma once

#include "core/engine/plan.h"

namespace netwright::engine {

// The results are put into their slots. Throws as run() does, and NodeError NW-R030 to NW-R032.
void runControl(const Instruction& instruction, std::vector<at::Tensor>& slots, const Execution& execution,
                const program::Bindings* sizes);

}  // namespace netwright::engine
