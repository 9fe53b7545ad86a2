// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace netwright::convert::cpp::kernels {

// Means over rows ⌊i height / rows⌋ to ⌈(i + 1) height / rows⌉ and columns alike; x (images, height, width) -> y
// (images, rows, columns).
inline void adaptivePool(const float* x, float* y, std::int64_t images, std::int64_t height, std::int64_t width,
                         std::int64_t rows, std::int64_t columns) {
  for (std::int64_t n = 0; n < images; ++n, x += height * width)
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) {
        const std::int64_t top = i * height / rows, bottom = ((i + 1) * height + rows - 1) / rows;
        const std::int64_t left = j * width / columns, right = ((j + 1) * width + columns - 1) / columns;
        float sum = 0;
        for (std::int64_t a = top; a < bottom; ++a)
          for (std::int64_t b = left; b < right; ++b) sum += x[a * width + b];
        *y++ = sum / static_cast<float>((bottom - top) * (right - left));
      }
}

}  // namespace netwright::convert::cpp::kernels
