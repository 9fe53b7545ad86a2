// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace netwright::convert::cpp::kernels {

// Row index[i] of weight (rows, width) for each of `count` indices.
inline void embedding(const float* weight, const std::int64_t* index, float* y, std::int64_t count, std::int64_t rows,
                      std::int64_t width) {
  for (std::int64_t i = 0; i < count; ++i, y += width) {
    if (index[i] < 0 || index[i] >= rows)
      throw std::invalid_argument("Index " + std::to_string(index[i]) + " has no row in an embedding of " +
                                  std::to_string(rows) + ": indices go from 0 to " + std::to_string(rows - 1) + ".");
    std::copy(weight + index[i] * width, weight + (index[i] + 1) * width, y);
  }
}

}  // namespace netwright::convert::cpp::kernels
