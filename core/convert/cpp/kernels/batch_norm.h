// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

namespace netwright::convert::cpp::kernels {

// y = (x - mean) / √(variance + eps) · weight + bias for each channel of x (batch, channels, inner). Weight and bias
// may be null; y may be x.
inline void batchNorm(const float* x, const float* mean, const float* variance, const float* weight, const float* bias,
                      float eps, float* y, std::int64_t batch, std::int64_t channels, std::int64_t inner) {
  for (std::int64_t n = 0; n < batch; ++n)
    for (std::int64_t c = 0; c < channels; ++c, x += inner, y += inner) {
      const float scale = (weight ? weight[c] : 1.0F) / std::sqrt(variance[c] + eps);
      const float shift = (bias ? bias[c] : 0.0F) - mean[c] * scale;
      for (std::int64_t i = 0; i < inner; ++i) y[i] = x[i] * scale + shift;
    }
}

}  // namespace netwright::convert::cpp::kernels
