// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace netwright::convert::cpp::kernels {

// Entries [start, start + length) of the middle one of (outer, size, inner).
template <class T>
void part(const T* x, T* y, std::int64_t outer, std::int64_t size, std::int64_t inner, std::int64_t start,
          std::int64_t length) {
  for (std::int64_t o = 0; o < outer; ++o, y += length * inner) {
    const T* const from = x + (o * size + start) * inner;
    std::copy(from, from + length * inner, y);
  }
}

// Puts x (outer, length) where it belongs in y (outer, total), from `start` on.
template <class T>
void place(const T* x, T* y, std::int64_t outer, std::int64_t length, std::int64_t total, std::int64_t start) {
  for (std::int64_t o = 0; o < outer; ++o) std::copy(x + o * length, x + (o + 1) * length, y + o * total + start);
}

// x (outer, a, middle, b, inner) -> y (outer, b, middle, a, inner).
template <class T>
void swapDimensions(const T* x, T* y, std::int64_t outer, std::int64_t a, std::int64_t middle, std::int64_t b,
                    std::int64_t inner) {
  for (std::int64_t o = 0; o < outer; ++o, x += a * middle * b * inner)
    for (std::int64_t j = 0; j < b; ++j)
      for (std::int64_t m = 0; m < middle; ++m)
        for (std::int64_t i = 0; i < a; ++i, y += inner) {
          const T* const from = x + ((i * middle + m) * b + j) * inner;
          if (inner == 1)
            *y = *from;
          else
            std::copy(from, from + inner, y);
        }
}

}  // namespace netwright::convert::cpp::kernels
