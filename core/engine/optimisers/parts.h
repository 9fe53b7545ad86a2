// SPDX-License-Identifier: Apache-2.0
// What several optimisers need: their settings by name, PyTorch's counters of steps, and weight decay. Internal to the
// optimisers.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/zeros.h>

#include <vector>

#include "core/base/attribute.h"

namespace netwright::engine::optimisers {

using Tensors = std::vector<at::Tensor>;

inline double number(const Attributes& params, const char* name) {
  const Attribute& value = params.at(name);
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}
inline bool flag(const Attributes& params, const char* name) { return std::get<bool>(params.at(name)); }

// Counts the steps of a parameter, in float32 as PyTorch does; beside the parameter for a fused kernel.
inline at::Tensor deviceCounter(const at::Tensor& parameter) {
  return at::zeros({}, parameter.options().dtype(at::kFloat).requires_grad(false));
}
// PyTorch keeps such numbers as float32 for each parameter; on the CPU, where they are read.
inline at::Tensor scalar(double value) { return at::zeros({}, at::TensorOptions().dtype(at::kFloat)).fill_(value); }
inline double valueOf(const at::Tensor& scalar) { return static_cast<double>(*scalar.const_data_ptr<float>()); }

// Adds a step to each counter and calls `of` with each count.
template <class Of>
void countSteps(Tensors& counters, Of of) {
  for (at::Tensor& c : counters) {
    c.add_(1);
    of(valueOf(c));
  }
}

// The gradients with weight decay: added to them, or taken from the weights at once where it is decoupled.
inline Tensors decayed(Tensors& weights, const Tensors& gradients, double decay, double rate, bool decoupled) {
  if (decay != 0 && !decoupled) return at::_foreach_add(gradients, weights, decay);
  if (decay != 0) at::_foreach_mul_(weights, 1 - rate * decay);
  return gradients;
}

}  // namespace netwright::engine::optimisers
