// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/convert/cpp/kernels/exponential.h"

namespace netwright::convert::cpp::kernels {

// y may be x in all of these.
NETWRIGHT_KERNEL inline void sigmoid(const float* x, float* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = logistic(x[i]);
}

NETWRIGHT_KERNEL inline void tanh(const float* x, float* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = hyperbolicTangent(x[i]);
}

NETWRIGHT_KERNEL inline void silu(const float* x, float* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] * logistic(x[i]);
}

NETWRIGHT_KERNEL inline void geluTanh(const float* x, float* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float v = x[i];
    y[i] = 0.5F * v * (1.0F + hyperbolicTangent(0.797884561F * (v + 0.044715F * v * v * v)));
  }
}

// x Φ(x). The error function by Abramowitz and Stegun 7.1.26, within 2e-7.
NETWRIGHT_KERNEL inline void gelu(const float* x, float* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float v = x[i], size = (v < 0 ? -v : v) * 0.707106781F;
    const float t = 1.0F / (1.0F + 0.3275911F * size);
    const float tail =
        ((((1.061405429F * t - 1.453152027F) * t + 1.421413741F) * t - 0.284496736F) * t + 0.254829592F) * t *
        exponential(-size * size);
    y[i] = 0.5F * v * (v < 0 ? tail : 2.0F - tail);
  }
}

}  // namespace netwright::convert::cpp::kernels
