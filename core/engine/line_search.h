// SPDX-License-Identifier: Apache-2.0
// A line search for a point that satisfies the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 3.5
// and 3.6) as torch.optim.LBFGS has it. Used by lbfgs.cpp.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

namespace netwright::engine::optimisers {

struct LineSearch {
  struct Point {
    double t = 0, loss = 0;
    at::Tensor gradient;
    double slope = 0;  // gradient · direction
  };
  at::Tensor direction;
  double tolerance;                 // smallest bracket, in change of a weight
  int64_t most;                     // evaluations beyond the first
  std::function<Point(double)> at;  // evaluates

  // From `start` (t = 0), with `t` as the first guess. Adds the evaluations to `evaluated`.
  Point run(const Point& start, double t, int64_t& evaluated) const;
};

}  // namespace netwright::engine::optimisers
