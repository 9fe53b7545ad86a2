// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/convert/cpp/kernels/batch_norm.h"
#include "core/convert/cpp/kernels/scratch.h"

namespace netwright::convert::cpp::kernels {

// batchNorm with mean and variance of the batch itself.
inline void batchStatisticsNorm(const float* x, const float* weight, const float* bias, float eps, float* y,
                                Scratch& scratch, std::int64_t batch, std::int64_t channels, std::int64_t inner) {
  float *const mean = scratch.take(2 * channels), *const variance = mean + channels;
  const double count = static_cast<double>(batch * inner);
  for (std::int64_t c = 0; c < channels; ++c) {
    double sum = 0, squares = 0;
    for (std::int64_t n = 0; n < batch; ++n)
      for (std::int64_t i = 0; i < inner; ++i) sum += static_cast<double>(x[(n * channels + c) * inner + i]);
    for (std::int64_t n = 0; n < batch; ++n)
      for (std::int64_t i = 0; i < inner; ++i) {
        const double d = static_cast<double>(x[(n * channels + c) * inner + i]) - sum / count;
        squares += d * d;
      }
    mean[c] = static_cast<float>(sum / count);
    variance[c] = static_cast<float>(squares / count);
  }
  batchNorm(x, mean, variance, weight, bias, eps, y, batch, channels, inner);
}

}  // namespace netwright::convert::cpp::kernels
