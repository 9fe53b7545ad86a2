// SPDX-License-Identifier: Apache-2.0
#include "core/data/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netwright::data {
namespace {

using testing::ElementsAre;

// Known answers of Random123 (kat_vectors, philox4x32 10).
TEST(Random, Philox_GivesThePublishedNumbers) {
  EXPECT_THAT(philox({0, 0, 0, 0}, {0, 0}), ElementsAre(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  EXPECT_THAT(philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}), ElementsAre(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
  EXPECT_THAT(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              ElementsAre(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1));
}

TEST(Random, Random_StreamsDiffer) {
  const uint64_t a = CounterRandom(1, Purpose::Epoch, 0).next();
  EXPECT_NE(a, CounterRandom(1, Purpose::Epoch, 1).next());
  EXPECT_NE(a, CounterRandom(1, Purpose::Split, 0).next());
  EXPECT_NE(a, CounterRandom(2, Purpose::Epoch, 0).next());
  EXPECT_EQ(a, CounterRandom(1, Purpose::Epoch, 0).next());
}

TEST(Random, Below_StaysBelowAndIsEven) {
  CounterRandom random(3, Purpose::Epoch);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts.at(random.below(7));
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);  // 5 standard deviations
  EXPECT_EQ(random.below(1), 0u);
}

TEST(Random, Below_IsUnbiasedForLargeBounds) {
  CounterRandom random(3, Purpose::Epoch);
  const uint64_t bound = uint64_t{3} << 62;  // plain scaling would favour some thirds two to one
  std::array<int, 3> counts{};
  for (int i = 0; i < 30'000; ++i) ++counts.at(random.below(bound) >> 62);
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

}  // namespace
}  // namespace netwright::data
