// SPDX-License-Identifier: Apache-2.0
// One step of the recipe by which weights begin. Internal to the engine.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include "core/program/program.h"

namespace netwright::engine {

// Fills the tensor from the generator, as PyTorch's modules do. Copies are the caller's.
void draw(const program::InitStep& step, at::Tensor target, at::Generator& generator);

}  // namespace netwright::engine
