// SPDX-License-Identifier: Apache-2.0
// One step of the recipe by which weights begin. Internal to the engine.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <functional>

#include "core/program/program.h"

namespace netwright::engine {

// Fills the tensor from the generator, as PyTorch's modules do.
void draw(const program::InitStep& step, at::Tensor target, at::Generator& generator);
// Computes a state of others, as torch.nn.utils.parametrizations does: of a step with a source. On the CPU and in
// row-major order, so that the numbers depend on neither device nor layout.
void derive(const program::InitStep& step, const std::function<at::Tensor&(int)>& state);

}  // namespace netwright::engine
