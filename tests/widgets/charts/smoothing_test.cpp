// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/smoothing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "widgets/charts/curve.h"

namespace netwright::charts {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

void expectSame(const std::vector<double>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i)
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(actual[i])) << i;
    } else if (std::isinf(expected[i])) {
      EXPECT_EQ(actual[i], expected[i]) << i;
    } else {
      EXPECT_NEAR(actual[i], expected[i], 1e-13) << i;
    }
}

// Expected values: the rule of TensorBoard's line chart (last = last * w + (1 - w) * y, shown divided by 1 - w^n) in
// Python.
TEST(Smoothing, EqualsTheTensorBoardRule) {
  const std::vector<double> y = {2.5, 2.0, kNaN, 1.5, 1.75, 1.0, kInf, 0.5};
  expectSame(smooth(y, 0.6),
             {2.5, 2.1875, kNaN, 1.8367346938775508, 1.796875, 1.4512491325468424, kInf, 1.0521280880773363});
  expectSame(smooth(y, 0.99), {2.5, 2.2487437185929635, kNaN, 1.9966499444463182, 1.9340547746560677, 1.743470052012967,
                               kInf, 1.5309831711879156});
}

TEST(Smoothing, LeavesAConstantUntouched) {
  const std::vector<double> y(1000, 0.1);
  EXPECT_EQ(smooth(y, 0.97), y);
}

TEST(Smoothing, OfWeightZeroIsTheSeries) {
  const std::vector<double> y = {1, -2, 3.5};
  EXPECT_EQ(smooth(y, 0), y);
}

TEST(Smoothing, GrowsWithACurveAsIfDoneAtOnce) {
  Curve early({"early", 0, false}), late({"late", 0, false});
  early.setSmoothing(0.8);
  for (int i = 0; i < 100; ++i) {
    const double x = i, y = std::sin(i);
    early.append({&x, 1}, {&y, 1});
    late.append({&x, 1}, {&y, 1});
  }
  late.setSmoothing(0.8);
  EXPECT_EQ(early.smoothed(0, 99, 1000), late.smoothed(0, 99, 1000));
  late.setSmoothing(0);
  EXPECT_TRUE(late.parts().at(0).smoothed.empty());
}

}  // namespace
}  // namespace netwright::charts
