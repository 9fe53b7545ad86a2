// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/curve.h"

#include <cassert>
#include <cmath>

namespace netwright::charts {

void Curve::append(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  for (size_t i = 0; i < x.size(); ++i) {
    if (parts_.empty() || x[i] < parts_.back().raw.xRange().max) parts_.emplace_back();
    parts_.back().raw.append(x[i], y[i]);
    if (weight_ > 0) parts_.back().smoothed.append(x[i], average_.add(y[i]));
  }
}

void Curve::clear() {
  parts_.clear();
  average_ = DebiasedEma(weight_);
}

void Curve::setSmoothing(double weight) {
  if (weight == weight_) return;
  weight_ = weight;
  average_ = DebiasedEma(weight);
  for (Part& part : parts_) {
    part.smoothed.clear();
    if (weight == 0) continue;
    for (size_t i = 0; i < part.raw.size(); ++i) part.smoothed.append(part.raw.xs()[i], average_.add(part.raw.ys()[i]));
  }
}

size_t Curve::size() const {
  size_t count = 0;
  for (const Part& part : parts_) count += part.raw.size();
  return count;
}

Point Curve::last() const {
  assert(!parts_.empty());
  return parts_.back().raw.at(parts_.back().raw.size() - 1);
}

Range Curve::xRange() const {
  Range range;
  for (const Part& part : parts_) range.include(part.raw.xRange());
  return range;
}

Range Curve::yRange(double x0, double x1, bool positiveOnly) const {
  Range range;
  for (const Part& part : parts_)
    range.include(positiveOnly ? part.raw.positiveYRange(x0, x1) : part.raw.yRange(x0, x1));
  return range;
}

std::vector<std::vector<Point>> Curve::raw(double x0, double x1, int columns) const {
  std::vector<std::vector<Point>> all;
  for (const Part& part : parts_) all.push_back(part.raw.decimate(x0, x1, columns));
  return all;
}

std::vector<std::vector<Point>> Curve::smoothed(double x0, double x1, int columns) const {
  std::vector<std::vector<Point>> all;
  for (const Part& part : parts_) all.push_back(part.smoothed.decimate(x0, x1, columns));
  return all;
}

std::optional<Curve::Reading> Curve::nearest(double x) const {
  std::optional<Reading> best;
  for (const Part& part : parts_) {
    const size_t i = part.raw.nearest(x);
    const Point point = part.raw.at(i);
    if (best && std::abs(point.x - x) > std::abs(best->raw.x - x)) continue;
    best = Reading{point, part.smoothed.empty() ? point.y : part.smoothed.at(i).y};
  }
  return best;
}

}  // namespace netwright::charts
