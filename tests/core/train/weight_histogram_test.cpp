// SPDX-License-Identifier: Apache-2.0
#include "core/train/weight_histogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace netwright::train {
namespace {

NamedTensor weight(const std::vector<float>& values) {
  NamedTensor t{"w", HostTensor(DType::Float32, {static_cast<int64_t>(values.size())})};
  std::copy(values.begin(), values.end(), t.tensor.as<float>().begin());
  return t;
}

TEST(WeightHistogram, CountsEachValueOnce) {
  std::vector<float> values;
  for (int i = 0; i <= 640; ++i) values.push_back(static_cast<float>(i) / 10);
  const auto row = weightHistogram(weight(values), 7, 1.5).value();
  EXPECT_EQ(row.key, "w");
  EXPECT_EQ(row.step, 7);
  ASSERT_EQ(row.edges.size(), 65u);
  EXPECT_EQ(row.edges.front(), 0);
  EXPECT_EQ(row.edges.back(), 64);
  EXPECT_TRUE(std::is_sorted(row.edges.begin(), row.edges.end()));
  EXPECT_EQ(std::accumulate(row.counts.begin(), row.counts.end(), int64_t{0}), 641);
  EXPECT_EQ(row.counts.back(), 11) << "the last bin holds both its ends";
}

TEST(WeightHistogram, LeavesOutWhatIsNotFinite) {
  const auto row = weightHistogram(weight({1, NAN, INFINITY, -INFINITY, 2}), 0, 0).value();
  EXPECT_EQ(std::accumulate(row.counts.begin(), row.counts.end(), int64_t{0}), 2);
  EXPECT_FALSE(weightHistogram(weight({NAN}), 0, 0));
  EXPECT_FALSE(weightHistogram(weight({}), 0, 0));
  EXPECT_FALSE(weightHistogram({"n", HostTensor(DType::Int64, {1})}, 0, 0));
}

TEST(WeightHistogram, OfEqualValuesHasOneBinAroundThem) {
  for (const float v : {0.0F, 1e30F, -1e-30F}) {
    const auto row = weightHistogram(weight({v, v, v}), 0, 0).value();
    EXPECT_THAT(row.counts, ::testing::ElementsAre(3));
    EXPECT_LT(row.edges[0], v);
    EXPECT_GT(row.edges[1], v);
  }
}

}  // namespace
}  // namespace netwright::train
