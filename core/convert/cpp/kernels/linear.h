// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/convert/cpp/kernels/product.h"

namespace netwright::convert::cpp::kernels {

// y (rows, out) = x (rows, in) Wᵀ + b, the weight in panels.
inline void linear(const float* x, const float* weight, const float* bias, float* y, std::int64_t rows, std::int64_t in,
                   std::int64_t out) {
  product(rows, out, in, x, in, weight, bias, false, y, out);
}

}  // namespace netwright::convert::cpp::kernels
