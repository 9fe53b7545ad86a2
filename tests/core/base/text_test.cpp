// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"

#include <gtest/gtest.h>

namespace netwright {
namespace {

TEST(Text, GroupsDigitsByThree) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(421642), "421,642");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
}

TEST(Text, ShortensCounts) {
  EXPECT_EQ(shortCount(999), "999");
  EXPECT_EQ(shortCount(421642), "421.6 k");
  EXPECT_EQ(shortCount(3.2e9), "3.2 G");
  EXPECT_EQ(shortCount(5e15), "5000.0 T") << "there is no unit above";
}

TEST(Text, ShortensBytes) {
  EXPECT_EQ(byteText(0), "0 B");
  EXPECT_EQ(byteText(999), "999 B");
  EXPECT_EQ(byteText(1653760), "1.7 MB");
  EXPECT_EQ(byteText(2e9), "2.0 GB");
}

TEST(Text, WritesDurationsAsClocksDo) {
  EXPECT_EQ(durationText(0), "0.0 s");
  EXPECT_EQ(durationText(6.14), "6.1 s");
  EXPECT_EQ(durationText(60), "1:00");
  EXPECT_EQ(durationText(75), "1:15");
  EXPECT_EQ(durationText(3599.6), "1:00:00");
  EXPECT_EQ(durationText(4000), "1:06:40");
}

TEST(Text, FindsTheNearestWord) {
  EXPECT_EQ(nearest("onx", {"onnx", "torchscript"}), "onnx");
  EXPECT_EQ(nearest("sdg", {"adam", "sgd"}), "sgd");
  EXPECT_EQ(nearest("b", {"a", "c"}), "a") << "of equally near ones the first";
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Text, JoinsItems) {
  EXPECT_EQ(joined({}, ", "), "");
  EXPECT_EQ(joined({"a"}, ", "), "a");
  EXPECT_EQ(joined({"a", "b", "c"}, " → "), "a → b → c");
}

}  // namespace
}  // namespace netwright
