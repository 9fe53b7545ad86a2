// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/series_pyramid.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace netwright::charts {

void Range::include(const Range& other) {
  min = std::min(min, other.min);
  max = std::max(max, other.max);
}

void SeriesPyramid::append(double x, double y) {
  assert(std::isfinite(x) && (x_.empty() || x >= x_.back()));
  x_.push_back(x);
  y_.push_back(y);
  if (!std::isfinite(y)) ++nonFinite_;
  // Whenever a group is complete, it becomes one node of the next level.
  size_t count = x_.size();
  for (size_t level = 0; count % kFactor == 0; ++level, count /= kFactor) {
    if (levels_.size() == level) levels_.emplace_back();
    Node node;
    if (level == 0)
      for (size_t i = x_.size() - kFactor; i < x_.size(); ++i) merge(node, leaf(i));
    else
      for (size_t i = count - kFactor; i < count; ++i) merge(node, levels_[level - 1][i]);
    levels_[level].push_back(node);
  }
}

void SeriesPyramid::append(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  for (size_t i = 0; i < x.size(); ++i) append(x[i], y[i]);
}

void SeriesPyramid::clear() { *this = SeriesPyramid(); }

SeriesPyramid::Node SeriesPyramid::leaf(size_t i) const {
  const auto index = static_cast<uint32_t>(i);
  Node node;
  if (std::isfinite(y_[i])) {
    node.first = node.last = node.min = node.max = index;
    node.y = {y_[i], y_[i]};
    if (y_[i] > 0) node.minPositive = y_[i];
  } else {
    node.gap = index;
  }
  return node;
}

void SeriesPyramid::merge(Node& into, const Node& next) {
  if (into.first == kNone) into.first = next.first;
  if (next.last != kNone) into.last = next.last;
  if (next.min != kNone && (into.min == kNone || next.y.min < into.y.min)) {
    into.min = next.min;
    into.y.min = next.y.min;
  }
  if (next.max != kNone && (into.max == kNone || next.y.max > into.y.max)) {
    into.max = next.max;
    into.y.max = next.y.max;
  }
  into.minPositive = std::min(into.minPositive, next.minPositive);
  if (into.gap == kNone) into.gap = next.gap;
}

// Walks up while the ends are not on a group border and down again: at most 2 * (kFactor - 1) nodes of each level, in
// order.
SeriesPyramid::Node SeriesPyramid::query(size_t begin, size_t end) const {
  Node result;
  size_t i = begin;
  while (i < end) {
    size_t level = 0, shift = 0;
    while (level < levels_.size() && (i & ((kFactor << shift) - 1)) == 0 && i + (kFactor << shift) <= end) {
      shift += kShift;
      ++level;
    }
    merge(result, level == 0 ? leaf(i) : levels_[level - 1][i >> shift]);
    i += size_t{1} << shift;
  }
  return result;
}

size_t SeriesPyramid::lowerIndex(double x) const {
  return static_cast<size_t>(std::lower_bound(x_.begin(), x_.end(), x) - x_.begin());
}

// Columns hold about as many points as the one before, so the search starts there and widens.
size_t SeriesPyramid::lowerIndexNear(double x, size_t begin, size_t guess, size_t end) const {
  size_t step = 1;
  while (guess > begin && x_[guess - 1] >= x) {
    end = guess;
    guess -= std::min(step, guess - begin);
    step *= 2;
  }
  for (step = 1; guess < end && x_[guess] < x; step *= 2) {
    begin = guess + 1;
    guess = std::min(guess + step, end);
  }
  const auto at = [this](size_t i) { return x_.begin() + static_cast<std::ptrdiff_t>(i); };
  return static_cast<size_t>(std::lower_bound(at(begin), at(std::min(guess, end)), x) - x_.begin());
}

size_t SeriesPyramid::upperIndex(double x) const {
  return static_cast<size_t>(std::upper_bound(x_.begin(), x_.end(), x) - x_.begin());
}

Range SeriesPyramid::xRange() const { return x_.empty() ? Range() : Range{x_.front(), x_.back()}; }

Range SeriesPyramid::yRange(double x0, double x1) const { return query(lowerIndex(x0), upperIndex(x1)).y; }

Range SeriesPyramid::positiveYRange(double x0, double x1) const {
  const Node node = query(lowerIndex(x0), upperIndex(x1));
  return std::isinf(node.minPositive) ? Range() : Range{node.minPositive, node.y.max};
}

size_t SeriesPyramid::nearest(double x) const {
  assert(!x_.empty());
  const size_t after = upperIndex(x);
  if (after == 0) return upperIndex(x_.front()) - 1;
  if (after == x_.size()) return after - 1;
  return x - x_[after - 1] <= x_[after] - x ? after - 1 : upperIndex(x_[after]) - 1;
}

void SeriesPyramid::appendColumn(std::vector<Point>& out, const Node& node) const {
  std::array<uint32_t, 5> indices = {node.first, node.min, node.max, node.last, node.gap};
  std::sort(indices.begin(), indices.end());
  uint32_t previous = kNone;
  for (const uint32_t i : indices) {
    if (i == kNone) break;
    if (i != previous) out.push_back(i == node.gap ? Point{x_[i], std::numeric_limits<double>::quiet_NaN()} : at(i));
    previous = i;
  }
}

std::vector<Point> SeriesPyramid::decimate(double x0, double x1, int columns) const {
  std::vector<Point> out;
  if (x_.empty() || columns < 1 || !(x0 <= x1)) return out;
  const size_t begin = lowerIndex(x0), end = upperIndex(x1);
  const auto pushRaw = [&](size_t i) {
    out.push_back(std::isfinite(y_[i]) ? at(i) : Point{x_[i], std::numeric_limits<double>::quiet_NaN()});
  };
  if (begin > 0) pushRaw(begin - 1);
  if (end - begin <= 2 * static_cast<size_t>(columns)) {
    for (size_t i = begin; i < end; ++i) pushRaw(i);
  } else {
    out.reserve(static_cast<size_t>(columns) * 4 + 2);
    const double width = (x1 - x0) / columns;
    size_t i = begin, held = (end - begin) / static_cast<size_t>(columns);
    for (int column = 0; column < columns && i < end; ++column) {
      const double border = x0 + width * (column + 1);
      const size_t stop = column + 1 == columns ? end : lowerIndexNear(border, i, std::min(i + held, end), end);
      if (stop > i) appendColumn(out, query(i, stop));
      held = stop - i;
      i = stop;
    }
  }
  if (end < x_.size()) pushRaw(end);
  return out;
}

}  // namespace netwright::charts
