// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace netwright::convert::cpp::kernels {

// The mean along the middle one of (outer, size, inner).
inline void mean(const float* x, float* y, std::int64_t outer, std::int64_t size, std::int64_t inner) {
  for (std::int64_t o = 0; o < outer; ++o, y += inner) {
    std::fill(y, y + inner, 0.0F);
    for (std::int64_t k = 0; k < size; ++k, x += inner)
      for (std::int64_t i = 0; i < inner; ++i) y[i] += x[i];
    for (std::int64_t i = 0; i < inner; ++i) y[i] /= static_cast<float>(size);
  }
}

}  // namespace netwright::convert::cpp::kernels
