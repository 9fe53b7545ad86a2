// SPDX-License-Identifier: GPL-3.0-or-later
// Smoothing of curves: the exponential moving average that TensorBoard shows.
#pragma once

#include <span>
#include <vector>

namespace netwright::charts {

// Debiased exponential moving average, point by point: s = w * s + (1 - w) * y, shown as s / (1 - w^n) after n finite
// values. Non-finite values pass through and are not counted; as long as all values are equal they are returned
// unchanged, so that a constant stays free of rounding noise. The weight lies in 0 (no smoothing) .. 1 (exclusive).
class DebiasedEma {
 public:
  explicit DebiasedEma(double weight);
  double add(double y);

 private:
  double weight_;
  double average_ = 0;
  double bias_ = 1;  // w^n
  double first_ = 0;
  bool any_ = false;
  bool constant_ = true;
};

std::vector<double> smooth(std::span<const double> y, double weight);

}  // namespace netwright::charts
