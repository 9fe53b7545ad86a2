// SPDX-License-Identifier: Apache-2.0
// How a run lets parameters begin instead of what their layers say. Internal to the engine.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

#include "core/engine/plan.h"
#include "core/program/program.h"

namespace netwright::engine {

using Weights = std::function<at::Tensor(int state)>;
// Fills weights as the functions of torch.nn.init do, with the same draws; of LSUV its orthogonal start. Drawn in
// row-major order and on the CPU, whatever the layout and device. Throws Error{Input} for a size that a function does
// not take.
void begin(const program::Program& program, const Weights& weight, at::Generator& generator);

// Fills a tensor on the CPU by one of these functions; `params` are complete.
void fill(const std::string& function, const Attributes& params, const at::Tensor& target, at::Generator& generator);

// Whether weights begin by LSUV, which looks at a batch.
bool needsData(const program::Program& program);
// Carries it out: divides each such weight by the deviation of what its layer puts out, until the variance is 1.
// `pass` runs the plan and shows each result.
using Seen = std::function<void(const Instruction&, const at::Tensor&)>;
void scaleByData(const program::Program& program, const Plan& plan, const Weights& weight,
                 const std::function<void(const Seen&)>& pass);

}  // namespace netwright::engine
