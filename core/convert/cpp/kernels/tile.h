// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/convert/cpp/kernels/compile.h"

namespace netwright::convert::cpp::kernels {

// Every product of matrices here is made of tiles of 4 x 32 numbers that stay in registers while the sum runs.
constexpr std::int64_t kRows = 4, kColumns = 32;

NETWRIGHT_INLINE std::int64_t roundUp(std::int64_t count, std::int64_t step) {
  return (count + step - 1) / step * step;
}

// out[r, j] = start(r, j) + Σ_k a[r, k] b[k, j] for j < 32. Row k of b begins at b + row(k).
template <int Rows, class Start, class Row>
NETWRIGHT_INLINE void tile(std::int64_t depth, const float* a, std::int64_t aStep, const float* b, Row row, Start start,
                           float* out, std::int64_t outStep) {
  float sum[Rows][kColumns];
  for (int r = 0; r < Rows; ++r)
    for (int j = 0; j < kColumns; ++j) sum[r][j] = start(r, j);
  for (std::int64_t k = 0; k < depth; ++k) {
    const float* const line = b + row(k);
    for (int r = 0; r < Rows; ++r) {
      const float factor = a[r * aStep + k];
      for (int j = 0; j < kColumns; ++j) sum[r][j] += factor * line[j];
    }
  }
  for (int r = 0; r < Rows; ++r)
    for (int j = 0; j < kColumns; ++j) out[r * outStep + j] = sum[r][j];
}

}  // namespace netwright::convert::cpp::kernels
