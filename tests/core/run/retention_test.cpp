// SPDX-License-Identifier: Apache-2.0
#include "core/run/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netwright::run {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<KeptCheckpoint> kFive{{"a", 0.5}, {"b", 0.9}, {"c", std::nullopt}, {"d", 0.9}, {"e", 0.1}};

TEST(Retention, WithoutARuleEverythingStays) { EXPECT_THAT(superfluous(kFive, 0, 0), IsEmpty()); }

TEST(Retention, KeepsTheLastAndTheBest) {
  EXPECT_THAT(superfluous(kFive, 1, 1), ElementsAre("a", "c", "d"));
  EXPECT_THAT(superfluous(kFive, 2, 1), ElementsAre("a", "c"));
  EXPECT_THAT(superfluous(kFive, 2, 3), ElementsAre("a"));
  EXPECT_THAT(superfluous(kFive, 9, 1), ElementsAre("c"));
  EXPECT_THAT(superfluous(kFive, 0, 9), IsEmpty());
}

TEST(Retention, TheNewestAndTheBestAlwaysStay) {
  EXPECT_THAT(superfluous(kFive, 0, 2), ElementsAre("a", "c"));
  EXPECT_THAT(superfluous(kFive, 1, 0), ElementsAre("a", "c", "d"));
  EXPECT_THAT(superfluous({}, 1, 1), IsEmpty());
}

}  // namespace
}  // namespace netwright::run
