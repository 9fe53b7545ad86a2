// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/convert/cpp/kernels/window.h"

namespace netwright::convert::cpp::kernels {

// The largest number of each window that lies inside; x (images, rows.in, columns.in) -> y (images, rows.out,
// columns.out).
template <class T>
void maxPool(const T* x, T* y, std::int64_t images, const Window& rows, const Window& columns) {
  const T lowest =
      std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::lowest();
  for (std::int64_t n = 0; n < images; ++n, x += rows.in * columns.in)
    for (std::int64_t i = 0; i < rows.out; ++i, y += columns.out) {
      std::fill(y, y + columns.out, lowest);
      for (std::int64_t a = 0; a < rows.kernel; ++a) {
        const std::int64_t row = i * rows.stride - rows.padding + a * rows.dilation;
        if (row < 0 || row >= rows.in) continue;
        for (std::int64_t b = 0; b < columns.kernel; ++b) {
          const Span inside = insideOf(columns, b);
          const T* const from = x + row * columns.in + b * columns.dilation - columns.padding;
          for (std::int64_t j = inside.first; j < inside.last; ++j) {
            const T value = from[j * columns.stride];
            y[j] = value > y[j] || value != value ? value : y[j];  // NaN wins
          }
        }
      }
    }
}

}  // namespace netwright::convert::cpp::kernels
