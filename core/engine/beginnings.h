// SPDX-License-Identifier: Apache-2.0
// How a run lets parameters begin instead of what their layers say. Internal to the engine.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include "core/program/program.h"

namespace netwright::engine {

// Fills a row-major tensor as the function of torch.nn.init does, with the same draws; of LSUV its orthogonal start.
// Throws Error{Input} for a size that the function does not take.
void begin(const program::Start& start, at::Tensor target, at::Generator& generator);

}  // namespace netwright::engine
