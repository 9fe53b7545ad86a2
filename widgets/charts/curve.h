// SPDX-License-Identifier: GPL-3.0-or-later
// One curve of a chart: its points, raw and smoothed, and how it looks.
#pragma once

#include <QString>
#include <optional>
#include <span>
#include <vector>

#include "widgets/charts/series_pyramid.h"
#include "widgets/charts/smoothing.h"

namespace netwright::charts {

struct SeriesStyle {
  QString name;
  int colour = 0;       // index into the palette's series colours
  bool dashed = false;  // tells curves of the same colour apart
  bool operator==(const SeriesStyle&) const = default;
};

// Points in the order in which they came. Where x goes back (a run resumed from a checkpoint) a new part begins; parts
// are drawn as separate lines. The smoothed points are kept beside the raw ones and grow with them.
class Curve {
 public:
  explicit Curve(SeriesStyle style) : style_(std::move(style)) {}

  const SeriesStyle& style() const { return style_; }
  bool visible() const { return visible_; }
  void setVisible(bool visible) { visible_ = visible; }

  void append(std::span<const double> x, std::span<const double> y);
  void clear();
  void setSmoothing(double weight);

  bool empty() const { return parts_.empty(); }
  size_t size() const;
  Point last() const;  // of the raw points; the curve must not be empty
  Range xRange() const;
  Range yRange(double x0, double x1, bool positiveOnly) const;
  // Decimated for drawing, part by part; points with y = NaN are gaps.
  std::vector<std::vector<Point>> raw(double x0, double x1, int columns) const;
  std::vector<std::vector<Point>> smoothed(double x0, double x1, int columns) const;

  struct Reading {
    Point raw;
    double smoothed = 0;
  };
  // The latest point at the x nearest to the given one.
  std::optional<Reading> nearest(double x) const;

  struct Part {
    SeriesPyramid raw, smoothed;  // smoothed is empty without smoothing
  };
  const std::vector<Part>& parts() const { return parts_; }

 private:
  SeriesStyle style_;
  bool visible_ = true;
  double weight_ = 0;
  DebiasedEma average_{0};
  std::vector<Part> parts_;
};

}  // namespace netwright::charts
