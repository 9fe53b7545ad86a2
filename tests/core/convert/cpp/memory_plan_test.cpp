// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/memory_plan.h"

#include <gtest/gtest.h>

namespace netwright::convert::cpp {
namespace {

using program::Dim;
const Dim kN = Dim::symbol("N");

TEST(MemoryPlan, UsesAFreeBufferAgainAndTheBestOne) {
  MemoryPlan plan;
  const size_t large = plan.take(DType::Float32, kN * Dim(100)), small = plan.take(DType::Float32, kN * Dim(10));
  EXPECT_NE(large, small);
  plan.release(large);
  plan.release(small);
  EXPECT_EQ(plan.take(DType::Float32, kN * Dim(9)), small);
  EXPECT_EQ(plan.take(DType::Float32, kN * Dim(200)), large) << "it grows";
  EXPECT_EQ(plan.buffers()[large].counts, std::vector<Dim>{kN * Dim(200)});
  EXPECT_EQ(plan.buffers()[small].counts, std::vector<Dim>{kN * Dim(10)});
}

TEST(MemoryPlan, KeepsTypesApart) {
  MemoryPlan plan;
  const size_t numbers = plan.take(DType::Float32, kN);
  plan.release(numbers);
  EXPECT_NE(plan.take(DType::Int64, kN), numbers);
}

TEST(MemoryPlan, KeepsCountsThatNoneExceedsForEveryBatch) {
  MemoryPlan plan;
  const size_t buffer = plan.take(DType::Float32, kN * Dim(2));
  plan.grow(buffer, Dim(50));
  EXPECT_EQ(plan.buffers()[buffer].counts, (std::vector<Dim>{kN * Dim(2), Dim(50)}));
  plan.grow(buffer, kN * Dim(60));
  EXPECT_EQ(plan.buffers()[buffer].counts, std::vector<Dim>{kN * Dim(60)});
}

}  // namespace
}  // namespace netwright::convert::cpp
