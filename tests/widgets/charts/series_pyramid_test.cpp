// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/series_pyramid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace netwright::charts {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

SeriesPyramid randomSeries(std::mt19937& random, size_t size, double gapChance) {
  std::normal_distribution<double> value(0, 3);
  std::uniform_real_distribution<double> chance(0, 1);
  SeriesPyramid series;
  double x = 0;
  for (size_t i = 0; i < size; ++i) {
    if (chance(random) < 0.9) x += chance(random);  // some x repeat
    const double y = chance(random) < gapChance ? (chance(random) < 0.5 ? kNaN : kInf) : value(random);
    series.append(x, y);
  }
  return series;
}

Range bruteRange(const SeriesPyramid& series, double x0, double x1, bool positiveOnly) {
  Range range;
  for (size_t i = 0; i < series.size(); ++i) {
    const Point point = series.at(i);
    if (point.x < x0 || point.x > x1 || !std::isfinite(point.y) || (positiveOnly && point.y <= 0)) continue;
    range.include({point.y, point.y});
  }
  return range;
}

struct Case {
  size_t size;
  double gapChance;
};

class SeriesPyramidProperty : public ::testing::TestWithParam<Case> {};

TEST_P(SeriesPyramidProperty, RangesEqualBruteForce) {
  std::mt19937 random(17);
  const SeriesPyramid series = randomSeries(random, GetParam().size, GetParam().gapChance);
  std::uniform_real_distribution<double> position(-5, series.xRange().max + 5);
  for (int trial = 0; trial < 60; ++trial) {
    double x0 = position(random), x1 = position(random);
    if (x0 > x1) std::swap(x0, x1);
    EXPECT_EQ(series.yRange(x0, x1), bruteRange(series, x0, x1, false));
    EXPECT_EQ(series.positiveYRange(x0, x1), bruteRange(series, x0, x1, true));
  }
}

TEST_P(SeriesPyramidProperty, EachColumnKeepsItsExactExtremesAndEnds) {
  std::mt19937 random(18);
  const SeriesPyramid series = randomSeries(random, GetParam().size, GetParam().gapChance);
  std::uniform_real_distribution<double> position(-5, series.xRange().max + 5);
  for (int trial = 0; trial < 30; ++trial) {
    double x0 = position(random), x1 = position(random);
    if (x0 > x1) std::swap(x0, x1);
    const int columns = 1 + static_cast<int>(random() % 300);
    const std::vector<Point> points = series.decimate(x0, x1, columns);
    ASSERT_LE(points.size(), static_cast<size_t>(columns) * 5 + 2);
    EXPECT_TRUE(std::is_sorted(points.begin(), points.end(), [](auto a, auto b) { return a.x < b.x; }));

    const double width = (x1 - x0) / columns;
    for (int column = 0; column < columns; ++column) {
      const double left = column == 0 ? x0 : x0 + width * column;
      const bool lastColumn = column + 1 == columns;
      const double right = lastColumn ? x1 : x0 + width * (column + 1);
      const auto inside = [&](double x) { return x >= left && (lastColumn ? x <= right : x < right); };
      std::vector<double> all, kept;
      bool gap = false, keptGap = false;
      for (size_t i = 0; i < series.size(); ++i)
        if (inside(series.at(i).x)) std::isfinite(series.at(i).y) ? all.push_back(series.at(i).y) : void(gap = true);
      for (const Point& point : points)
        if (inside(point.x)) std::isfinite(point.y) ? kept.push_back(point.y) : void(keptGap = true);
      ASSERT_EQ(gap, keptGap);
      ASSERT_EQ(all.empty(), kept.empty());
      if (all.empty()) continue;
      ASSERT_EQ(*std::min_element(all.begin(), all.end()), *std::min_element(kept.begin(), kept.end()));
      ASSERT_EQ(*std::max_element(all.begin(), all.end()), *std::max_element(kept.begin(), kept.end()));
      ASSERT_EQ(all.front(), kept.front());
      ASSERT_EQ(all.back(), kept.back());
    }
  }
}

TEST_P(SeriesPyramidProperty, NearestEqualsBruteForce) {
  std::mt19937 random(19);
  const SeriesPyramid series = randomSeries(random, GetParam().size, GetParam().gapChance);
  std::uniform_real_distribution<double> position(-5, series.xRange().max + 5);
  for (int trial = 0; trial < 60; ++trial) {
    const double x = position(random);
    double best = kInf;
    for (size_t i = 0; i < series.size(); ++i) best = std::min(best, std::abs(series.at(i).x - x));
    const size_t found = series.nearest(x);
    EXPECT_EQ(std::abs(series.at(found).x - x), best);
    if (found + 1 < series.size()) {
      EXPECT_GT(series.at(found + 1).x, series.at(found).x);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, SeriesPyramidProperty,
                         ::testing::Values(Case{1, 0}, Case{7, 0}, Case{8, 0}, Case{9, 0.3}, Case{63, 0}, Case{64, 0.1},
                                           Case{65, 0}, Case{511, 0.01}, Case{1000, 0.5}, Case{4097, 0},
                                           Case{6000, 0.001}, Case{513, 1}));

TEST(SeriesPyramid, FewPointsComeBackUnchangedWithANeighbourOnEachSide) {
  SeriesPyramid series;
  for (int i = 0; i < 10; ++i) series.append(i, i * i);
  const std::vector<Point> expected = {{2, 4}, {3, 9}, {4, 16}, {5, 25}, {6, 36}};
  EXPECT_EQ(series.decimate(2.5, 5.5, 100), expected);
}

TEST(SeriesPyramid, ASingleSpikeInAMillionSurvives) {
  SeriesPyramid series;
  for (int i = 0; i < 1000000; ++i) series.append(i, i == 543210 ? 99 : 1);
  const std::vector<Point> points = series.decimate(0, 999999, 500);
  EXPECT_LE(points.size(), 2000u);
  EXPECT_NE(std::find(points.begin(), points.end(), Point{543210, 99}), points.end());
}

TEST(SeriesPyramid, GapsAreKeptAndCounted) {
  SeriesPyramid series;
  series.append(0, 1);
  series.append(1, kNaN);
  series.append(2, -kInf);
  series.append(3, 2);
  EXPECT_EQ(series.nonFiniteCount(), 2u);
  const std::vector<Point> points = series.decimate(0, 3, 10);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_TRUE(std::isnan(points[1].y));
  EXPECT_TRUE(std::isnan(points[2].y));
  EXPECT_EQ(series.yRange(0, 3), (Range{1, 2}));
}

TEST(SeriesPyramid, EmptySeriesAndEmptyWindows) {
  SeriesPyramid series;
  EXPECT_TRUE(series.decimate(0, 1, 10).empty());
  EXPECT_TRUE(series.yRange(0, 1).empty());
  EXPECT_TRUE(series.xRange().empty());
  series.append(5, 5);
  EXPECT_TRUE(series.yRange(0, 1).empty());
  EXPECT_TRUE(series.decimate(1, 0, 10).empty());
  series.clear();
  EXPECT_TRUE(series.empty());
}

}  // namespace
}  // namespace netwright::charts
