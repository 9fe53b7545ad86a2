// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/convert/cpp/kernels/window.h"

namespace netwright::convert::cpp::kernels {

// The mean of each window; x (images, rows.in, columns.in) -> y (images, rows.out, columns.out). The padding counts as
// zeros if `counted`, but never what lies beyond it; a divisor of 0 means the number of what counts.
inline void averagePool(const float* x, float* y, std::int64_t images, const Window& rows, const Window& columns,
                        bool counted, std::int64_t divisor) {
  const auto clipped = [](const Window& w, std::int64_t place) {
    const std::int64_t begin = place * w.stride - w.padding;
    return Span{begin, std::min(begin + w.kernel, w.in + w.padding)};
  };
  for (std::int64_t n = 0; n < images; ++n, x += rows.in * columns.in)
    for (std::int64_t i = 0; i < rows.out; ++i) {
      const Span r = clipped(rows, i), inRows{std::max<std::int64_t>(r.first, 0), std::min(r.last, rows.in)};
      for (std::int64_t j = 0; j < columns.out; ++j) {
        const Span c = clipped(columns, j), inColumns{std::max<std::int64_t>(c.first, 0), std::min(c.last, columns.in)};
        float sum = 0;
        for (std::int64_t a = inRows.first; a < inRows.last; ++a)
          for (std::int64_t b = inColumns.first; b < inColumns.last; ++b) sum += x[a * columns.in + b];
        const std::int64_t all = (r.last - r.first) * (c.last - c.first),
                           inside = (inRows.last - inRows.first) * (inColumns.last - inColumns.first);
        *y++ = sum / static_cast<float>(divisor != 0 ? divisor : counted ? all : inside);
      }
    }
}

}  // namespace netwright::convert::cpp::kernels
