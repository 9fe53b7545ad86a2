// SPDX-License-Identifier: Apache-2.0
#include "core/data/sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace netwright::data {
namespace {

std::vector<int64_t> upTo(int64_t n) {
  std::vector<int64_t> all(static_cast<size_t>(n));
  std::iota(all.begin(), all.end(), int64_t{0});
  return all;
}

TEST(Sampler, EpochOrder_IsAPermutation) {
  for (const int64_t n : {0, 1, 2, 3, 100, 60'000}) {
    std::vector<int64_t> order = epochOrder(upTo(n), 5, 2);
    std::sort(order.begin(), order.end());
    EXPECT_EQ(order, upTo(n));
  }
}

TEST(Sampler, EpochOrder_DependsOnSeedAndEpochAlone) {
  const auto all = upTo(1000);
  EXPECT_EQ(epochOrder(all, 1, 4), epochOrder(all, 1, 4));
  EXPECT_NE(epochOrder(all, 1, 4), epochOrder(all, 1, 5));
  EXPECT_NE(epochOrder(all, 1, 4), epochOrder(all, 2, 4));
}

TEST(Sampler, EpochOrder_IsTheSameOnEveryPlatform) {
  EXPECT_THAT(epochOrder(upTo(10), 42, 0), testing::ElementsAre(6, 2, 3, 7, 8, 4, 5, 0, 1, 9));
  EXPECT_THAT(epochOrder(upTo(10), 42, 1), testing::ElementsAre(1, 4, 6, 2, 0, 7, 9, 5, 3, 8));
}

TEST(Sampler, EpochOrder_PlacesEachSampleAnywhere) {
  std::vector<int> counts(25);
  for (int64_t epoch = 0; epoch < 5000; ++epoch) {
    const auto order = epochOrder(upTo(5), 9, epoch);
    for (size_t place = 0; place < 5; ++place) ++counts[place * 5 + static_cast<size_t>(order[place])];
  }
  for (const int count : counts) EXPECT_NEAR(count, 1000, 142);  // 5 standard deviations
}

TEST(Sampler, EpochOrder_KeepsToTheGivenSamples) {
  EXPECT_THAT(epochOrder(std::vector<int64_t>{7, 70, 700}, 1, 1), testing::UnorderedElementsAre(7, 70, 700));
}

}  // namespace
}  // namespace netwright::data
