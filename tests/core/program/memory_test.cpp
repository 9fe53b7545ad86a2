// SPDX-License-Identifier: Apache-2.0
// That the sizes are LibTorch's is checked by tests/core/engine/memory_test.cpp.
#include "core/program/memory.h"

#include <gtest/gtest.h>

#include "core/layers/lower_graph.h"
#include "tests/support/graphs.h"

namespace netwright::program {
namespace {

using netwright::test::chain;
const Dim kBatch = Dim::symbol("N");

TEST(Activations, AreAFormulaOverTheBatch) {
  const auto document = chain({1, 8, 8}, {{"conv2d", "conv", {{"out_channels", int64_t{4}}}},
                                          {"flatten", "flat", {}},
                                          {"linear", "fc", {{"out_features", int64_t{10}}}}});
  const layers::Lowered lowered = layers::lowerGraph(document);
  ASSERT_TRUE(lowered.ok());
  const Dim conv = Dim(4) * product(lowered.typeAt({{2}, "y"})->tensor().shape);
  EXPECT_EQ(activationBytes(lowered.program),
            (std::map<NodeId, Dim>{{{1}, kBatch * Dim(256)}, {{2}, conv}, {{3}, Dim(0)}, {{4}, kBatch * Dim(40)}}));
}

TEST(Activations, LeaveOutWhatTheProgramDoesNotHave) {
  auto document = chain({4}, {{"relu", "relu", {}}});
  document.nodes.push_back(netwright::test::node(9, "relu", "loose"));
  document.wires.push_back({{{1}, "y"}, {{9}, "x"}});
  EXPECT_FALSE(activationBytes(layers::lowerGraph(document).program).contains({9}));
}

// x (N, 4) -> fc1 (N, 8) -> relu (N, 8) -> fc2 (N, 2): by hand, for 16 samples.
TEST(TrainingMemory, OfTwoLinearLayersByHand) {
  const auto document = chain({4}, {{"linear", "fc1", {{"out_features", int64_t{8}}}},
                                    {"relu", "relu", {}},
                                    {"linear", "fc2", {{"out_features", int64_t{2}}}}});
  const layers::Lowered lowered = layers::lowerGraph(document);
  ASSERT_TRUE(lowered.ok());
  const auto memory = trainingMemory(lowered.program, {{"N", 16}}, 2);
  ASSERT_TRUE(memory);
  const int64_t weights = 4 * (4 * 8 + 8 + 8 * 2 + 2), x = 16 * 4 * 4, h = 16 * 8 * 4, y = 16 * 2 * 4;
  EXPECT_EQ(memory->weights, weights);
  EXPECT_EQ(memory->gradients, weights);
  EXPECT_EQ(memory->states, 2 * weights);
  EXPECT_EQ(memory->activations, x + h + y) << "the sum of fc1 is let go: relu's gradient reads what relu gave";
  EXPECT_EQ(memory->kept, (std::map<NodeId, int64_t>{{{2}, x}, {{3}, h}, {{4}, 0}}));
  EXPECT_GE(memory->peak, 3 * weights + x + 2 * h) << "while fc1's sum becomes relu's result";
  EXPECT_FALSE(trainingMemory(lowered.program, {}, 2)) << "nobody knows the batch";
}

TEST(TrainingMemory, WhatNothingLearnsFromIsNotKept) {
  auto document = chain({4}, {{"sigmoid", "a", {}}, {"sigmoid", "b", {}}, {"linear", "fc", {}}});
  const layers::Lowered lowered = layers::lowerGraph(document);
  ASSERT_TRUE(lowered.ok());
  const auto memory = trainingMemory(lowered.program, {{"N", 1}}, 0);
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->kept.size(), 1u) << "no weight comes before the sigmoids";
  EXPECT_TRUE(memory->kept.contains({4}));
}

}  // namespace
}  // namespace netwright::program
