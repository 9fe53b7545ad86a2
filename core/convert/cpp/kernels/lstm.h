// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/convert/cpp/kernels/exponential.h"
#include "core/convert/cpp/kernels/product.h"
#include "core/convert/cpp/kernels/scratch.h"

namespace netwright::convert::cpp::kernels {

// One direction of one layer: weights in panels; biases (4 hidden) may be null.
struct LstmWeights {
  const float *input, *hidden, *inputBias, *hiddenBias;
};

// Gates i, f, g, o of one sample, which hold their sums -> next cell and hidden state.
NETWRIGHT_KERNEL inline void lstmCell(const float* gates, float* cell, float* hidden, std::int64_t size) {
  for (std::int64_t j = 0; j < size; ++j) {
    const float next =
        logistic(gates[size + j]) * cell[j] + logistic(gates[j]) * hyperbolicTangent(gates[2 * size + j]);
    cell[j] = next;
    hidden[j] = logistic(gates[3 * size + j]) * hyperbolicTangent(next);
  }
}

// The sizes of a network of LSTM layers.
struct LstmSizes {
  std::int64_t batch, steps, features, hidden, layers, directions;
  bool batchFirst;
};

// x (batch, steps, features), or (steps, batch, features) -> y of directions * hidden features; states (layers *
// directions, batch, hidden) begin as h0 and c0 and end as h and c.
template <int Count>
void lstm(const float* x, const float* h0, const float* c0, const LstmWeights (&all)[Count], float* y, float* h,
          float* c, Scratch& scratch, const LstmSizes& s) {
  const std::int64_t rows = s.batch * s.steps, gateCount = 4 * s.hidden, width = s.directions * s.hidden;
  const std::int64_t sampleStep = s.batchFirst ? s.steps : 1, timeStep = s.batchFirst ? 1 : s.batch;  // in rows
  float* const gates = scratch.take(rows * gateCount + rows * width + gateCount);
  float *const below = gates + rows * gateCount, *const bias = below + rows * width;
  std::copy(h0, h0 + s.layers * s.directions * s.batch * s.hidden, h);
  std::copy(c0, c0 + s.layers * s.directions * s.batch * s.hidden, c);
  const LstmWeights* weights = all;
  std::int64_t features = s.features;
  for (std::int64_t layer = 0; layer < s.layers; ++layer) {
    for (std::int64_t d = 0; d < s.directions; ++d, h += s.batch * s.hidden, c += s.batch * s.hidden) {
      const LstmWeights& w = *weights++;
      for (std::int64_t j = 0; j < gateCount; ++j)
        bias[j] = (w.inputBias ? w.inputBias[j] : 0.0F) + (w.hiddenBias ? w.hiddenBias[j] : 0.0F);
      product(rows, gateCount, features, x, features, w.input, bias, false, gates, gateCount);
      for (std::int64_t step = 0; step < s.steps; ++step) {
        const std::int64_t row = (d == 0 ? step : s.steps - 1 - step) * timeStep;
        float* const now = gates + row * gateCount;
        product(s.batch, gateCount, s.hidden, h, s.hidden, w.hidden, nullptr, true, now, sampleStep * gateCount);
        for (std::int64_t n = 0; n < s.batch; ++n) {
          float* const state = h + n * s.hidden;
          lstmCell(now + n * sampleStep * gateCount, c + n * s.hidden, state, s.hidden);
          std::copy(state, state + s.hidden, y + (row + n * sampleStep) * width + d * s.hidden);
        }
      }
    }
    if (layer + 1 == s.layers) break;
    std::copy(y, y + rows * width, below);  // what the next layer reads while it writes y
    x = below;
    features = width;
  }
}

}  // namespace netwright::convert::cpp::kernels
