// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "core/convert/cpp/kernels/compile.h"

namespace netwright::convert::cpp::kernels {

// Σ (x - from), or of the squares. It runs in 16 lanes, which vector code adds side by side.
template <bool Squared>
NETWRIGHT_INLINE float total(const float* x, std::int64_t size, float from) {
  constexpr std::int64_t kLanes = 16;
  float lanes[kLanes] = {}, sum = 0;
  std::int64_t i = 0;
  for (; i + kLanes <= size; i += kLanes)
    for (std::int64_t j = 0; j < kLanes; ++j) {
      const float d = x[i + j] - from;
      lanes[j] += Squared ? d * d : d;
    }
  for (; i < size; ++i) sum += Squared ? (x[i] - from) * (x[i] - from) : x[i] - from;
  for (const float lane : lanes) sum += lane;
  return sum;
}

// Each of `rows` rows of `size` numbers brought to mean 0 and variance 1, then times weight plus bias, which may be
// null. y may be x.
NETWRIGHT_KERNEL inline void layerNorm(const float* x, const float* weight, const float* bias, float eps, float* y,
                                       std::int64_t rows, std::int64_t size) {
  for (std::int64_t r = 0; r < rows; ++r, x += size, y += size) {
    const float mean = total<false>(x, size, 0.0F) / static_cast<float>(size);
    const float scale = 1.0F / std::sqrt(total<true>(x, size, mean) / static_cast<float>(size) + eps);
    for (std::int64_t i = 0; i < size; ++i) {
      const float normal = (x[i] - mean) * scale;
      y[i] = normal * (weight ? weight[i] : 1.0F) + (bias ? bias[i] : 0.0F);
    }
  }
}

}  // namespace netwright::convert::cpp::kernels
