// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/convert/cpp/kernels/convolution.h"
#include "core/convert/cpp/kernels/product.h"

namespace netwright::convert::cpp::kernels {

// The weight (channels, outputs / groups, kernel...) for each group as (outputs of the group with kernel, channels).
inline std::vector<float> transposedByGroup(const std::vector<float>& weight, std::int64_t groups,
                                            std::int64_t channels, std::int64_t perChannel) {
  std::vector<float> result(weight.size());
  const std::int64_t in = channels / groups;
  for (std::int64_t g = 0; g < groups; ++g)
    for (std::int64_t c = 0; c < in; ++c)
      for (std::int64_t k = 0; k < perChannel; ++k)
        result[static_cast<std::size_t>((g * perChannel + k) * in + c)] =
            weight[static_cast<std::size_t>((g * in + c) * perChannel + k)];
  return result;
}

// Each number of x adds a kernel, times itself, to y: x (batch, channels, rows.in, columns.in) -> y (batch, outputs,
// rows.out, columns.out). The weight as transposedByGroup makes it.
inline void transposedConvolution(const float* x, const float* weight, const float* bias, float* y, Scratch& scratch,
                                  std::int64_t batch, std::int64_t channels, std::int64_t outputs, std::int64_t groups,
                                  const Window& rows, const Window& columns) {
  const std::int64_t in = channels / groups, out = outputs / groups, area = rows.in * columns.in;
  const std::int64_t taps = rows.kernel * columns.kernel, depth = out * taps, size = rows.out * columns.out;
  float* const panels = scratch.take(panelSize(in, area) + depth * area);
  float* const shares = panels + panelSize(in, area);  // (depth, area): what each number gives to each place
  for (std::int64_t n = 0; n < batch; ++n)
    for (std::int64_t g = 0; g < groups; ++g) {
      pack(x + (n * groups + g) * in * area, in, area, area, 1, panels);
      product(depth, area, in, weight + g * depth * in, in, panels, nullptr, false, shares, area);
      const float* share = shares;
      for (std::int64_t o = 0; o < out; ++o) {
        float* const image = y + ((n * groups + g) * out + o) * size;
        std::fill(image, image + size, bias ? bias[g * out + o] : 0.0F);
        for (std::int64_t tap = 0; tap < taps; ++tap)
          for (std::int64_t i = 0; i < rows.in; ++i, share += columns.in) {
            const std::int64_t row = i * rows.stride - rows.padding + tap / columns.kernel * rows.dilation;
            if (row < 0 || row >= rows.out) continue;
            for (std::int64_t j = 0; j < columns.in; ++j) {
              const std::int64_t column =
                  j * columns.stride - columns.padding + tap % columns.kernel * columns.dilation;
              if (column >= 0 && column < columns.out) image[row * columns.out + column] += share[j];
            }
          }
      }
    }
}

}  // namespace netwright::convert::cpp::kernels
