// SPDX-License-Identifier: Apache-2.0
#include "core/data/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace netwright::data {
namespace {

TEST(Split, Split_CoversEverySampleOnce) {
  const Split split = splitSamples(1000, 0.1, 7);
  EXPECT_EQ(split.validation.size(), 100u);
  EXPECT_TRUE(std::is_sorted(split.train.begin(), split.train.end()));
  EXPECT_TRUE(std::is_sorted(split.validation.begin(), split.validation.end()));
  std::vector<int64_t> all = split.train;
  all.insert(all.end(), split.validation.begin(), split.validation.end());
  std::sort(all.begin(), all.end());
  for (int64_t i = 0; i < 1000; ++i) ASSERT_EQ(all.at(static_cast<size_t>(i)), i);
}

TEST(Split, Split_DependsOnTheSeed) {
  EXPECT_EQ(splitSamples(1000, 0.1, 7).validation, splitSamples(1000, 0.1, 7).validation);
  EXPECT_NE(splitSamples(1000, 0.1, 7).validation, splitSamples(1000, 0.1, 8).validation);
}

TEST(Split, Split_RoundsAndKeepsOneForTraining) {
  EXPECT_EQ(splitSamples(15, 0.1, 0).validation.size(), 2u);
  EXPECT_EQ(splitSamples(10, 0, 0).validation.size(), 0u);
  EXPECT_EQ(splitSamples(1, 0.9, 0).train.size(), 1u);
  EXPECT_EQ(splitSamples(0, 0.5, 0).train.size(), 0u);
}

TEST(Split, Split_IsTheSameOnEveryPlatform) {
  EXPECT_THAT(splitSamples(20, 0.25, 42).validation, testing::ElementsAre(2, 4, 9, 15, 19));
}

}  // namespace
}  // namespace netwright::data
