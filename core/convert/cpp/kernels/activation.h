// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/convert/cpp/kernels/compile.h"

namespace netwright::convert::cpp::kernels {

// y may be x in all of these.
template <class T>
void relu(const T* x, T* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] < T{0} ? T{0} : x[i];  // NaN stays
}

inline void leakyRelu(const float* x, float* y, std::int64_t count, float slope) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] > 0 ? x[i] : x[i] * slope;
}

}  // namespace netwright::convert::cpp::kernels
