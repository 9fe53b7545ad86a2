// SPDX-License-Identifier: GPL-3.0-or-later
// An append-only series of points with a pyramid of extremes over it, so that a chart of any zoom costs its width, not
// its length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace netwright::charts {

struct Point {
  double x = 0, y = 0;
  bool operator==(const Point&) const = default;
};

struct Range {
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();
  bool empty() const { return min > max; }
  void include(const Range& other);
  bool operator==(const Range&) const = default;
};

// x is finite and never decreases (asserted). y may be NaN or infinite: such points stay in the series, count as gaps
// in lines and are left out of ranges. Append is amortised O(1), memory 16 bytes a point and 7 for the pyramid, queries
// O(columns * log n).
class SeriesPyramid {
 public:
  void append(double x, double y);
  void append(std::span<const double> x, std::span<const double> y);
  void clear();

  size_t size() const { return x_.size(); }
  bool empty() const { return x_.empty(); }
  Point at(size_t i) const { return {x_[i], y_[i]}; }
  std::span<const double> xs() const { return x_; }
  std::span<const double> ys() const { return y_; }
  size_t nonFiniteCount() const { return nonFinite_; }

  Range xRange() const;
  // Extremes of the finite y with x0 <= x <= x1; the second considers only y > 0, for logarithmic axes.
  Range yRange(double x0, double x1) const;
  Range positiveYRange(double x0, double x1) const;
  // Index of the point whose x is nearest to `x`; of several, the last. The series must not be empty.
  size_t nearest(double x) const;

  // What a line chart needs of x0..x1 in `columns` columns of equal width: all points if there are fewer than two in a
  // column on average, else per column first, minimum, maximum and last of the finite points, in their order and exact.
  // Where non-finite points are, one point with y = NaN marks the gap (at most one a column; the x is that of a
  // non-finite point). One point outside on each side is added, so that lines run to the edges.
  std::vector<Point> decimate(double x0, double x1, int columns) const;

 private:
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();
  static constexpr size_t kShift = 3, kFactor = size_t{1} << kShift;
  // Extremes of a group of points, and the indices of the points that have them; kNone where the group has no such
  // point.
  struct Node {
    Range y;
    double minPositive = std::numeric_limits<double>::infinity();
    uint32_t first = kNone, last = kNone, min = kNone, max = kNone, gap = kNone;
  };
  Node leaf(size_t i) const;
  static void merge(Node& into, const Node& next);
  Node query(size_t begin, size_t end) const;
  void appendColumn(std::vector<Point>& out, const Node& node) const;
  size_t lowerIndex(double x) const;                                              // first with x_[i] >= x
  size_t upperIndex(double x) const;                                              // first with x_[i] > x
  size_t lowerIndexNear(double x, size_t begin, size_t guess, size_t end) const;  // lowerIndex within begin..end

  std::vector<double> x_, y_;
  std::vector<std::vector<Node>> levels_;  // level k: one node for each complete group of kFactor^(k+1) points
  size_t nonFinite_ = 0;
};

}  // namespace netwright::charts
