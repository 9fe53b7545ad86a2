// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/sequence_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/data/letters.h"
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

TEST(SequenceTasks, DigitsComeBackInOrder) {
  for (const std::string order : {"sorted", "reversed"}) {
    const auto data = make("digit_order", {{"samples", int64_t{200}}, {"length", int64_t{7}}, {"order", order}});
    const auto digits = values<int64_t>(*data, "digits"), answers = values<int64_t>(*data, "answer");
    size_t shortest = 7, longest = 0;
    for (size_t i = 0; i < 200; ++i) {
      std::string row = textOf(data->columns()[0], std::span(digits).subspan(7 * i, 7));
      const std::string answer = textOf(data->columns()[1], std::span(answers).subspan(7 * i, 7));
      shortest = std::min(shortest, row.size());
      longest = std::max(longest, row.size());
      EXPECT_EQ(digits[7 * i + row.size() - 1] != 0, true) << "filler stands behind";
      if (order == "sorted") std::sort(row.begin(), row.end());
      if (order == "reversed") std::reverse(row.begin(), row.end());
      EXPECT_EQ(answer, row);
    }
    EXPECT_EQ(shortest, 4u);
    EXPECT_EQ(longest, 7u);
  }
}

TEST(SequenceTasks, TwoNumbersAreMarkedAndAddedUp) {
  const auto data = make("adding", {{"samples", int64_t{100}}, {"length", int64_t{9}}});
  const auto x = values<float>(*data, "x"), y = values<float>(*data, "y");
  for (size_t i = 0; i < 100; ++i) {
    int marks = 0;
    float sum = 0;
    for (size_t step = 0; step < 9; ++step) {
      const float number = x[(9 * i + step) * 2], mark = x[(9 * i + step) * 2 + 1];
      EXPECT_TRUE(number >= 0 && number < 1 && (mark == 0 || mark == 1));
      marks += mark == 1;
      sum += number * mark;
    }
    EXPECT_EQ(marks, 2);
    EXPECT_EQ(y[i], sum);
  }
}

TEST(SequenceTasks, MoreSamplesLeaveTheFirstOnes) {
  const auto few = values<float>(*make("adding", {{"samples", int64_t{10}}}), "x"),
             many = values<float>(*make("adding", {{"samples", int64_t{50}}}), "x");
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
  const auto digits = values<int64_t>(*make("digit_order", {{"samples", int64_t{10}}}), "digits"),
             others = values<int64_t>(*make("digit_order", {{"samples", int64_t{10}}, {"seed", int64_t{3}}}), "digits");
  EXPECT_NE(digits, others);
}

}  // namespace
}  // namespace netwright::data
