// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/ticks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <set>

namespace netwright::charts {
namespace {

std::vector<std::string> texts(const std::vector<Tick>& ticks) {
  std::vector<std::string> result;
  for (const Tick& tick : ticks)
    if (!tick.text.isEmpty()) result.push_back(tick.text.toStdString());
  return result;
}

using Texts = std::vector<std::string>;

TEST(LinearTicks, AreRoundAndShort) {
  EXPECT_EQ(texts(linearTicks(0, 1, 5)), (Texts{"0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(texts(linearTicks(0.0123, 0.0678, 4)), (Texts{"0.02", "0.04", "0.06"}));
  EXPECT_EQ(texts(linearTicks(0, 18740, 5)), (Texts{"0", "5k", "10k", "15k"}));
  EXPECT_EQ(texts(linearTicks(0, 2.1e6, 5)), (Texts{"0", "0.5M", "1.0M", "1.5M", "2.0M"}));
  EXPECT_EQ(texts(linearTicks(-1, 1, 4)), (Texts{"−1.0", "−0.5", "0", "0.5", "1.0"}));
}

TEST(LinearTicks, TellNeighboursApartFarFromZero) {
  EXPECT_EQ(texts(linearTicks(1000000, 1000004, 4)),
            (Texts{"1.000000M", "1.000001M", "1.000002M", "1.000003M", "1.000004M"}));
  EXPECT_EQ(texts(linearTicks(99.10, 99.14, 4)), (Texts{"99.10", "99.11", "99.12", "99.13", "99.14"}));
}

TEST(LinearTicks, KeepWholeNumbersForSteps) {
  EXPECT_EQ(texts(linearTicks(0, 3, 12, true)), (Texts{"0", "1", "2", "3"}));
}

TEST(LinearTicks, RandomRangesGiveFewDistinctTicksInside) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> exponent(-9, 9), mantissa(-1, 1);
  for (int trial = 0; trial < 2000; ++trial) {
    const double centre = mantissa(random) * std::pow(10, exponent(random));
    const double span = std::pow(10, exponent(random));
    if (span < std::abs(centre) * 1e-7) continue;
    const auto ticks = linearTicks(centre - span, centre + span, 6);
    ASSERT_GE(ticks.size(), 2u);
    ASSERT_LE(ticks.size(), 7u);
    std::set<QString> distinct;
    for (const Tick& tick : ticks) {
      EXPECT_GE(tick.value, centre - span * 1.001);
      EXPECT_LE(tick.value, centre + span * 1.001);
      distinct.insert(tick.text);
    }
    EXPECT_EQ(distinct.size(), ticks.size()) << centre << " +- " << span;
  }
}

TEST(LinearTicks, OfNoRangeAreNone) {
  EXPECT_TRUE(linearTicks(1, 1, 5).empty());
  EXPECT_TRUE(linearTicks(0, std::numeric_limits<double>::infinity(), 5).empty());
}

TEST(LogTicks, AreDecadesOverManyAndRoundNumbersOverFew) {
  EXPECT_EQ(texts(logTicks(-7, -3, 5)), (Texts{"10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³"}));
  EXPECT_EQ(texts(logTicks(-1.05, 0.5, 8)), (Texts{"0.1", "0.2", "0.5", "1", "2"}));
  EXPECT_EQ(texts(logTicks(0, 12, 4)), (Texts{"10⁰", "10³", "10⁶", "10⁹", "10¹²"}));
  EXPECT_EQ(texts(logTicks(std::log10(0.3), std::log10(0.5), 4)), (Texts{"0.30", "0.35", "0.40", "0.45", "0.50"}));
}

TEST(ShortNumber, HasFourDigitsAndSuffixes) {
  const std::vector<std::pair<double, std::string>> cases = {
      {0, "0"},          {0.012345, "0.01235"}, {1.23456, "1.235"}, {98.214, "98.21"},    {64, "64"},
      {1234.4, "1234"},  {12400, "12.40k"},     {-0.5, "−0.5000"},  {3.14e-7, "3.14e−7"}, {1e-7, "1e−7"},
      {2.5e9, "2.500G"}, {1e16, "1e16"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(shortNumber(value).toStdString(), text);
  EXPECT_EQ(shortNumber(std::nan("")), "NaN");
  EXPECT_EQ(shortNumber(std::numeric_limits<double>::infinity()), "∞");
  EXPECT_EQ(shortNumber(-std::numeric_limits<double>::infinity()), "−∞");
}

TEST(AlignedNumbers, ShareTheirDecimals) {
  const auto texts = alignedNumbers({0.9941, 0.09878, std::nan("")});
  EXPECT_EQ(texts, (std::vector<QString>{"0.99410", "0.09878", "NaN"}));
  EXPECT_EQ(alignedNumbers({1e-9, 12}), (std::vector<QString>{"1e−9", "12"}));
}

TEST(PositionText, GroupsThousands) {
  EXPECT_EQ(positionText(1800000), "1,800,000");
  EXPECT_EQ(positionText(0.5), "0.50000");
}

}  // namespace
}  // namespace netwright::charts
