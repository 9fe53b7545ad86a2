// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/transform_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "widgets/bridge/metric_text.h"

namespace netwright::bridge {
namespace {

using ::testing::HasSubstr;

std::string refusal(const char* text) {
  try {
    transformsFromText(text);
  } catch (const Error& e) {
    return e.title + ' ' + e.why + ' ' + e.next;
  }
  return {};
}

TEST(TransformText, RoundTrips) {
  const auto steps = transformsFromText("to_float, normalize(mean=0.1307, std=0.3081)");
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[1].kind, "normalize");
  EXPECT_EQ(transformText(steps), "to_float, normalize(mean=0.1307, std=0.3081)");
  EXPECT_TRUE(transformsFromText("  ").empty());
}

TEST(TransformText, Mistakes_AreNamed) {
  EXPECT_THAT(refusal("normalize(mean=0.1"), HasSubstr("A bracket is missing."));
  EXPECT_THAT(refusal("normalize(middle=0.1)"), HasSubstr("normalize has no parameter 'middle'.  It has: mean, std."));
  EXPECT_THAT(refusal("normalise"), HasSubstr("normalize"));
  EXPECT_FALSE(refusal("normalize(mean=abc)").empty());
}

TEST(MetricText, IsReadable) {
  EXPECT_EQ(metricText("accuracy", 0.97234), "97.23 %");
  EXPECT_EQ(metricText("loss", 0.04321), "0.0432");
  EXPECT_EQ(metricText("loss", 0.0000123), "1.23e-05");
  EXPECT_EQ(metricText("loss", std::nan("")), "–");
  EXPECT_EQ(metricTitle("loss", "val"), "Validation loss");
  EXPECT_EQ(metricTitle("mae", "val"), "Validation MAE");
  EXPECT_EQ(metricTitle("r2", "train"), "Training R²");
}

TEST(WhenText, IsRelative) {
  EXPECT_EQ(whenText(1'000'000, 1'030'000), "just now");
  EXPECT_EQ(whenText(1'000'000, 1'000'000 + 5 * 60'000), "5 min ago");
}

}  // namespace
}  // namespace netwright::bridge
