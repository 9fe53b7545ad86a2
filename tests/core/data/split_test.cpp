// SPDX-License-Identifier: Apache-2.0
#include "core/data/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/data/random.h"

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

// Every sample at most once; those in no part are returned.
std::vector<int64_t> leftOut(const Split& split, int64_t size) {
  std::map<int64_t, int> seen;
  for (const auto* part : {&split.train, &split.validation, &split.test}) {
    EXPECT_TRUE(std::is_sorted(part->begin(), part->end()));
    for (const int64_t sample : *part) EXPECT_EQ(++seen[sample], 1) << sample;
  }
  std::vector<int64_t> missing;
  for (int64_t i = 0; i < size; ++i)
    if (!seen.contains(i)) missing.push_back(i);
  EXPECT_EQ(static_cast<int64_t>(seen.size() + missing.size()), size);
  return missing;
}

int64_t shareOf(int64_t size, double share) { return std::llround(static_cast<double>(size) * share); }

// Sizes and shares of all kinds, the same in each run of the test.
struct Case {
  int64_t size;
  Shares shares;
  uint64_t seed;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (uint64_t i = 0; i < 200; ++i) {
    CounterRandom random(17, Purpose::Data, i);
    const auto size = static_cast<int64_t>(2 + random.below(i < 100 ? 20 : 2000));
    all.push_back({size, {random.uniform() * 0.5, random.uniform() * 0.49}, i});
  }
  return all;
}

TEST(Split, Split_RandomIsDisjointAndComplete) {
  for (const Case& c : cases()) {
    const Split split = splitSamples(c.size, c.shares, c.seed);
    EXPECT_TRUE(leftOut(split, c.size).empty());
    EXPECT_FALSE(split.train.empty());
    const int64_t validation = std::min(shareOf(c.size, c.shares.validation), c.size - 1);
    EXPECT_EQ(static_cast<int64_t>(split.validation.size()), validation);
    EXPECT_EQ(static_cast<int64_t>(split.test.size()),
              std::min(shareOf(c.size, c.shares.test), c.size - 1 - validation));
  }
}

TEST(Split, Split_StratifiedKeepsTheProportionsWithinOneSample) {
  for (const Case& c : cases()) {
    std::vector<int64_t> labels;
    CounterRandom random(c.seed, Purpose::Data, 1'000'000);
    for (int64_t i = 0; i < c.size; ++i) labels.push_back(static_cast<int64_t>(random.below(1 + random.below(5))));
    const Split split = splitStratified(labels, c.shares, c.seed);
    EXPECT_TRUE(leftOut(split, c.size).empty());
    const Split plain = splitSamples(c.size, c.shares, c.seed);
    EXPECT_EQ(split.validation.size(), plain.validation.size());
    EXPECT_EQ(split.test.size(), plain.test.size());
    for (int64_t label = 0; label < 5; ++label) {
      const auto is = [&](int64_t sample) { return labels[static_cast<size_t>(sample)] == label; };
      const auto all = static_cast<double>(std::count(labels.begin(), labels.end(), label));
      const auto validation = std::count_if(split.validation.begin(), split.validation.end(), is);
      const auto test = std::count_if(split.test.begin(), split.test.end(), is);
      EXPECT_LT(std::abs(static_cast<double>(validation) - all * c.shares.validation), 1) << c.seed << " " << label;
      EXPECT_LE(std::abs(static_cast<double>(test) - all * c.shares.test), 1) << c.seed << " " << label;
    }
  }
}

TEST(Split, Split_ByTimeIsInOrderWithGapsAndNothingElseMissing) {
  for (const Case& c : cases())
    for (const int64_t gap : {0, 1, 5}) {
      const Split split = splitByTime(c.size, c.shares, gap);
      const auto missing = static_cast<int64_t>(leftOut(split, c.size).size());
      EXPECT_LE(missing, gap * ((split.validation.empty() ? 0 : 1) + (split.test.empty() ? 0 : 1)));
      const auto apart = [&](const std::vector<int64_t>& before, const std::vector<int64_t>& after) {
        return before.empty() || after.empty() || after.front() - before.back() == gap + 1;
      };
      EXPECT_TRUE(apart(split.train, split.validation));
      EXPECT_TRUE(apart(split.validation, split.test));
      EXPECT_TRUE(split.test.empty() || split.test.back() == c.size - 1);
    }
}

TEST(Split, Split_OfSamplesTranslatesPositions) {
  const Split split = ofSamples({{0, 2}, {1}, {3}}, std::vector<int64_t>{10, 20, 30, 40});
  EXPECT_EQ(split, (Split{{10, 30}, {20}, {40}}));
}

}  // namespace
}  // namespace netwright::data
