// SPDX-License-Identifier: Apache-2.0
#include "core/data/memory_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/core/data/tables.h"
#include "tests/support/message_of.h"

namespace netwright::data {
namespace {

using testing::ElementsAre;

// 3000 samples: a row of two numbers and a label.
std::shared_ptr<const Dataset> rows(float at2049 = 0) {
  HostTensor x(DType::Float32, {3000, 2}), y(DType::Int64, {3000});
  for (size_t i = 0; i < 6000; ++i) x.as<float>()[i] = static_cast<float>(i);
  for (size_t i = 0; i < 3000; ++i) y.as<int64_t>()[i] = static_cast<int64_t>(i) % 7;
  if (at2049 != 0) x.as<float>()[2 * 2049 + 1] = at2049;
  return memoryDataset(
      {{.name = "x", .shape = {2}, .entries = {"a", "b"}}, {.name = "y", .dtype = DType::Int64, .role = Role::Target}},
      {std::move(x), std::move(y)}, [](int64_t i) { return "line " + std::to_string(i + 2); });
}

TEST(MemoryDataset, MemoryDataset_GathersRowsByNumber) {
  Batch batch;
  rows()->read(std::vector<int64_t>{5, 2999, 5}, batch);
  EXPECT_THAT(batch.find("x")->as<float>(), ElementsAre(10, 11, 5998, 5999, 10, 11));
  EXPECT_THAT(batch.find("y")->as<int64_t>(), ElementsAre(5, 3, 5));
  EXPECT_THAT(batch.find("x")->shape, ElementsAre(3, 2));
}

TEST(MemoryDataset, Loaded_HoldsTheSameBytesAndNames) {
  const auto source = rows();
  const auto copy = loaded(subset(source, {2500, 3, 1}));
  EXPECT_EQ(copy->columns(), source->columns());
  EXPECT_TRUE(copy->inMemory());
  EXPECT_THAT(values<float>(*copy, "x"), ElementsAre(5000, 5001, 6, 7, 2, 3));
  EXPECT_EQ(copy->sampleName(1), "line 5");
  EXPECT_EQ(readAll(*loaded(source)).columns[0].tensor, readAll(*source).columns[0].tensor);
  EXPECT_EQ(memoryOf(*source), 3000 * 16);
  EXPECT_GT(memoryLimit(), 0);
}

TEST(MemoryDataset, Subset_NamesTheSamplesOfTheSource) {
  Batch batch;
  subset(rows(), {7, 9})->read(std::vector<int64_t>{1}, batch);
  EXPECT_THAT(batch.samples, ElementsAre(9));
  EXPECT_THAT(batch.find("x")->as<float>(), ElementsAre(18, 19));
}

TEST(MemoryDataset, RequireNumbers_NamesTheSampleAndTheEntry) {
  const auto message = [](float value) { return netwright::test::messageOf([&] { requireNumbers(*rows(value)); }); };
  EXPECT_EQ(message(1), "nothing was thrown");
  EXPECT_EQ(
      message(std::numeric_limits<float>::quiet_NaN()),
      "The data has no number at line 2051, column 'b'. Missing values remain after the transforms, and a network "
      "cannot learn from them. Add the step 'impute', leave such rows out, or fill the value in.");
  EXPECT_EQ(message(std::numeric_limits<float>::infinity()),
            "The data has an infinite number at line 2051, column 'b'. Correct the value, or leave the row out.");
}

}  // namespace
}  // namespace netwright::data
