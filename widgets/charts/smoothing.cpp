// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/smoothing.h"

#include <cassert>
#include <cmath>

namespace netwright::charts {

DebiasedEma::DebiasedEma(double weight) : weight_(weight) { assert(weight >= 0 && weight < 1); }

double DebiasedEma::add(double y) {
  if (!std::isfinite(y)) return y;
  if (!any_) first_ = y;
  any_ = true;
  constant_ = constant_ && y == first_;
  average_ = weight_ * average_ + (1 - weight_) * y;
  bias_ *= weight_;
  return constant_ ? y : average_ / (1 - bias_);
}

std::vector<double> smooth(std::span<const double> y, double weight) {
  DebiasedEma average(weight);
  std::vector<double> result;
  result.reserve(y.size());
  for (const double value : y) result.push_back(average.add(value));
  return result;
}

}  // namespace netwright::charts
