// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/convert/cpp/kernels/product.h"
#include "core/convert/cpp/kernels/scratch.h"
#include "core/convert/cpp/kernels/softmax.h"

namespace netwright::convert::cpp::kernels {

// y = softmax(q kᵀ scale) v for each of `heads` heads: q (heads, queries, width), k (heads, keys, width), v (heads,
// keys, values). Causal: query i looks at keys up to i.
inline void attention(const float* q, const float* k, const float* v, float* y, Scratch& scratch, std::int64_t heads,
                      std::int64_t queries, std::int64_t keys, std::int64_t width, std::int64_t values, float scale,
                      bool causal) {
  const std::int64_t keySize = panelSize(width, keys), valueSize = panelSize(keys, values);
  float* const keyPanels = scratch.take(keySize + valueSize + queries * keys);
  float *const valuePanels = keyPanels + keySize, *const scores = valuePanels + valueSize;
  for (std::int64_t h = 0; h < heads; ++h) {
    pack(k, width, keys, 1, width, keyPanels);
    pack(v, keys, values, values, 1, valuePanels);
    product(queries, keys, width, q, width, keyPanels, nullptr, false, scores, keys);
    for (std::int64_t i = 0; i < queries; ++i) {
      float* const row = scores + i * keys;
      for (std::int64_t j = 0; j < keys; ++j) row[j] *= scale;
      if (causal)
        for (std::int64_t j = i + 1; j < keys; ++j) row[j] = -std::numeric_limits<float>::infinity();
    }
    softmax(scores, scores, queries, keys, 1);
    product(queries, values, keys, scores, keys, valuePanels, nullptr, false, y, values);
    q += queries * width;
    k += keys * width;
    v += keys * values;
    y += queries * values;
  }
}

}  // namespace netwright::convert::cpp::kernels
