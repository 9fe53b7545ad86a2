// SPDX-License-Identifier: Apache-2.0
#include "core/base/pattern.h"

#include <gtest/gtest.h>

namespace netwright {
namespace {

TEST(Pattern, MatchesWholeNamesAsAShellDoes) {
  EXPECT_TRUE(matchesPattern("layer1.0.conv1.weight", "*"));
  EXPECT_TRUE(matchesPattern("layer1.0.conv1.weight", "layer[12].*.weight"));
  EXPECT_TRUE(matchesPattern("fc1.bias", "fc?.bias"));
  EXPECT_FALSE(matchesPattern("fc1.bias", "fc1"));
  EXPECT_FALSE(matchesPattern("fc1.bias", ""));
}

TEST(Pattern, TheFirstThatMatchesCounts) {
  const std::vector<std::string> patterns{"head.*", "*.bias", "*"};
  EXPECT_EQ(firstMatch("head.bias", patterns), 0u);
  EXPECT_EQ(firstMatch("fc1.bias", patterns), 1u);
  EXPECT_EQ(firstMatch("fc1.weight", patterns), 2u);
  EXPECT_EQ(firstMatch("fc1.weight", {"head.*"}), 1u) << "none";
}

}  // namespace
}  // namespace netwright
