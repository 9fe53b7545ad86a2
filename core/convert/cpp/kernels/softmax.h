// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/convert/cpp/kernels/exponential.h"

namespace netwright::convert::cpp::kernels {

// eˣ / Σ eˣ along the middle one of (outer, size, inner). y may be x.
NETWRIGHT_KERNEL inline void softmax(const float* x, float* y, std::int64_t outer, std::int64_t size,
                                     std::int64_t inner) {
  for (std::int64_t o = 0; o < outer; ++o)
    for (std::int64_t i = 0; i < inner; ++i) {
      const float* const from = x + o * size * inner + i;
      float* const to = y + o * size * inner + i;
      float largest = from[0], sum = 0;
      for (std::int64_t k = 1; k < size; ++k) largest = from[k * inner] > largest ? from[k * inner] : largest;
      if (inner == 1)
        for (std::int64_t k = 0; k < size; ++k) to[k] = exponential(from[k] - largest);
      else
        for (std::int64_t k = 0; k < size; ++k) to[k * inner] = exponential(from[k * inner] - largest);
      for (std::int64_t k = 0; k < size; ++k) sum += to[k * inner];
      for (std::int64_t k = 0; k < size; ++k) to[k * inner] /= sum;
    }
}

}  // namespace netwright::convert::cpp::kernels
