// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/convert/cpp/kernels/tile.h"

namespace netwright::convert::cpp::kernels {

// A matrix (depth, columns) in panels: 32 columns at a time, row by row, the last panel filled up with zeros.
NETWRIGHT_INLINE std::int64_t panelSize(std::int64_t depth, std::int64_t columns) {
  return depth * roundUp(columns, kColumns);
}

// Of element (k, j) at x[k * rowStep + j * columnStep].
inline void pack(const float* x, std::int64_t depth, std::int64_t columns, std::int64_t rowStep,
                 std::int64_t columnStep, float* panels) {
  for (std::int64_t j0 = 0; j0 < columns; j0 += kColumns)
    for (std::int64_t k = 0; k < depth; ++k)
      for (std::int64_t j = j0; j < j0 + kColumns; ++j)
        *panels++ = j < columns ? x[k * rowStep + j * columnStep] : 0.0F;
}

// The weight (out, in) of a linear layer: panels of its transpose.
inline std::vector<float> packed(const std::vector<float>& weight, std::int64_t out, std::int64_t in) {
  std::vector<float> panels(static_cast<std::size_t>(panelSize(in, out)));
  pack(weight.data(), in, out, 1, in, panels.data());
  return panels;
}

// c (rows, columns) = a (rows, depth) b, b in panels; plus bias for each column, or plus c itself if `add`. Rows of a
// and c are aStep and cStep apart.
NETWRIGHT_KERNEL inline void product(std::int64_t rows, std::int64_t columns, std::int64_t depth, const float* a,
                                     std::int64_t aStep, const float* b, const float* bias, bool add, float* c,
                                     std::int64_t cStep) {
  static const float kZeros[kColumns] = {};
  float block[kRows * kColumns], edge[kRows * kColumns] = {};
  const auto row = [](std::int64_t k) { return k * kColumns; };
  for (std::int64_t j = 0; j < columns; j += kColumns, b += depth * kColumns) {
    const std::int64_t width = std::min(kColumns, columns - j);
    for (std::int64_t i = 0; i < rows; i += kRows) {
      const std::int64_t height = std::min(kRows, rows - i);
      float *const corner = c + i * cStep + j, *out = corner;
      const float* begin = add ? corner : bias ? bias + j : kZeros;
      std::int64_t beginStep = add ? cStep : 0, outStep = cStep;
      if (width < kColumns) {  // a narrow tile is computed whole, and its part copied
        for (std::int64_t r = 0; r < height; ++r)
          std::copy(begin + r * beginStep, begin + r * beginStep + width, edge + r * kColumns);
        begin = edge;
        out = block;
        beginStep = outStep = kColumns;
      }
      if (height == kRows) {
        const auto start = [begin, beginStep](int r, int q) { return begin[r * beginStep + q]; };
        tile<kRows>(depth, a + i * aStep, aStep, b, row, start, out, outStep);
      } else {
        for (std::int64_t r = 0; r < height; ++r) {
          const float* const from = begin + r * beginStep;
          tile<1>(
              depth, a + (i + r) * aStep, aStep, b, row, [from](int, int q) { return from[q]; }, out + r * outStep, 0);
        }
      }
      for (std::int64_t r = 0; width < kColumns && r < height; ++r)
        std::copy(block + r * kColumns, block + r * kColumns + width, corner + r * cStep);
    }
  }
}

}  // namespace netwright::convert::cpp::kernels
