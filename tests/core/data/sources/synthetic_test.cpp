// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/synthetic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/core/data/tables.h"

namespace netwright::data {
namespace {

std::shared_ptr<const Dataset> make(const std::string& kind, const Attributes& params) {
  DataConfig config;
  config.source = kind;
  config.path = "";
  config.validation = 0;
  config.params = params;
  EXPECT_EQ(describeData(config, ""), openData(config, "").train->columns());
  return openData(config, "").train;
}

TEST(Synthetic, Synthetic_MoreSamplesLeaveTheFirstOnes) {
  for (const char* kind : {"blobs", "spirals", "moons", "circles", "sine"}) {
    const auto few = values<float>(*make(kind, {{"samples", int64_t{10}}}), "x");
    const auto many = values<float>(*make(kind, {{"samples", int64_t{500}}}), "x");
    EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin())) << kind;
    EXPECT_NE(few, values<float>(*make(kind, {{"samples", int64_t{10}}, {"seed", int64_t{1}}}), "x")) << kind;
  }
}

TEST(Synthetic, Synthetic_ClassesAreBalanced) {
  const auto spirals = make("spirals", {{"samples", int64_t{300}}, {"classes", int64_t{3}}});
  EXPECT_EQ(spirals->columns()[1].classes.size(), 3u);
  std::vector<int> counts(3);
  for (const int64_t label : values<int64_t>(*spirals, "label")) ++counts[static_cast<size_t>(label)];
  EXPECT_THAT(counts, testing::ElementsAre(100, 100, 100));
}

TEST(Synthetic, Circles_LieOnTheirRadiiWithoutNoise) {
  const auto circles = make("circles", {{"noise", 0.0}, {"factor", 0.25}});
  const auto x = values<float>(*circles, "x");
  const auto labels = values<int64_t>(*circles, "label");
  for (size_t i = 0; i < labels.size(); ++i)
    EXPECT_NEAR(std::hypot(x[2 * i], x[2 * i + 1]), labels[i] == 0 ? 1 : 0.25, 1e-6);
}

TEST(Synthetic, Spirals_LieOnTheirArmsWithoutNoise) {
  const auto spirals = make("spirals", {{"noise", 0.0}, {"turns", 1.0}});
  const auto x = values<float>(*spirals, "x");
  const auto labels = values<int64_t>(*spirals, "label");
  for (size_t i = 0; i < labels.size(); ++i) {
    const double radius = std::hypot(x[2 * i], x[2 * i + 1]);
    const double turn = 2 * std::numbers::pi * (radius + static_cast<double>(labels[i]) / 2);
    EXPECT_NEAR(x[2 * i], radius * std::cos(turn), 1e-5);
  }
}

TEST(Synthetic, Moons_LieOnHalfCirclesWithoutNoise) {
  const auto moons = make("moons", {{"noise", 0.0}});
  const auto x = values<float>(*moons, "x");
  for (size_t i = 0; i < x.size() / 2; ++i) {
    const bool upper = i % 2 == 0;
    EXPECT_NEAR(std::hypot(x[2 * i] - (upper ? 0 : 1), x[2 * i + 1] - (upper ? 0 : 0.5)), 1, 1e-6);
    EXPECT_TRUE(upper ? x[2 * i + 1] >= 0 : x[2 * i + 1] <= 0.5);
  }
}

TEST(Synthetic, Sine_IsTheSineWithoutNoiseAndSpreadsWithIt) {
  const auto clean = make("sine", {{"noise", 0.0}});
  const auto x = values<float>(*clean, "x"), y = values<float>(*clean, "y");
  for (size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(y[i], std::sin(2 * std::numbers::pi * x[i]), 1e-5);
  const auto noisy = values<float>(*make("sine", {{"samples", int64_t{20000}}, {"noise", 0.5}}), "y");
  const auto same = values<float>(*make("sine", {{"samples", int64_t{20000}}, {"noise", 0.0}}), "y");
  double squares = 0;
  for (size_t i = 0; i < noisy.size(); ++i) squares += (noisy[i] - same[i]) * (noisy[i] - same[i]);
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(noisy.size())), 0.5, 0.01);
}

TEST(Synthetic, Blobs_SurroundTheirCentres) {
  const auto blobs = make("blobs", {{"classes", int64_t{4}}, {"features", int64_t{3}}, {"noise", 0.0}});
  const auto x = values<float>(*blobs, "x");
  for (size_t i = 12; i < x.size(); ++i) EXPECT_EQ(x[i], x[i - 12]);  // without noise all lie on their centre
}

TEST(Synthetic, Synthetic_RejectsSettingsOutOfRange) {
  EXPECT_EQ(Table("", "blobs").message(), "no error");  // needs no file
  Table table("", "spirals");
  table.config.params = {{"classes", int64_t{1}}};
  EXPECT_EQ(table.message(), "Source 'spirals': classes must be at least 2 but is 1. Correct that value.");
}

}  // namespace
}  // namespace netwright::data
