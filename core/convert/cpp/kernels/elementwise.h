// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace netwright::convert::cpp::kernels {

template <class T, class A, class B, class F>
void combineLoops(const A* a, const B* b, T* y, F f, int rank, const std::int64_t* sizes, const std::int64_t* aSteps,
                  const std::int64_t* bSteps) {
  const std::int64_t size = sizes[0], aStep = aSteps[0], bStep = bSteps[0];
  if (rank > 1) {
    std::int64_t rest = 1;
    for (int d = 1; d < rank; ++d) rest *= sizes[d];
    for (std::int64_t i = 0; i < size; ++i)
      combineLoops(a + i * aStep, b + i * bStep, y + i * rest, f, rank - 1, sizes + 1, aSteps + 1, bSteps + 1);
  } else if (aStep == 1 && bStep == 1) {
    for (std::int64_t i = 0; i < size; ++i) y[i] = f(static_cast<T>(a[i]), static_cast<T>(b[i]));
  } else {
    for (std::int64_t i = 0; i < size; ++i) y[i] = f(static_cast<T>(a[aStep * i]), static_cast<T>(b[bStep * i]));
  }
}

// y = f(a, b), element by element over `sizes`; where a step is 0, one number of a or b stands for all of that
// dimension. Innermost steps are 0 or 1. y may be a or b if it has their size.
template <class T, int Rank, class A, class B, class F>
void combine(const A* a, const B* b, T* y, F f, const std::int64_t (&sizes)[Rank], const std::int64_t (&aSteps)[Rank],
             const std::int64_t (&bSteps)[Rank]) {
  combineLoops(a, b, y, f, Rank, sizes, aSteps, bSteps);
}

}  // namespace netwright::convert::cpp::kernels
