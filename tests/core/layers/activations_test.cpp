// SPDX-License-Identifier: Apache-2.0
#include "core/layers/activations.h"

#include <gtest/gtest.h>

#include "core/layers/lower_graph.h"
#include "tests/support/graphs.h"

namespace netwright::layers {
namespace {

using Bytes = std::map<NodeId, int64_t>;

TEST(Activations, CountWhatEachNodeWritesForTheBatch) {
  const auto document = netwright::test::chain({1, 8, 8}, {{"conv2d", "conv", {{"out_channels", int64_t{4}}}},
                                                           {"flatten", "flat", {}},
                                                           {"linear", "fc", {{"out_features", int64_t{10}}}}});
  const Lowered lowered = lowerGraph(document);
  ASSERT_TRUE(lowered.ok());
  const auto& conv = lowered.typeAt({{2}, "y"})->tensor().shape;
  const int64_t convBytes = 4 * *program::product(conv).evaluate({{"N", 1}});
  EXPECT_EQ(activationBytes(lowered.program, 1), (Bytes{{{1}, 256}, {{2}, convBytes}, {{3}, 0}, {{4}, 40}}));
  EXPECT_EQ(activationBytes(lowered.program, 32).at({4}), 32 * 40);
}

TEST(Activations, LeaveOutWhatTheProgramDoesNotHave) {
  auto document = netwright::test::chain({4}, {{"relu", "relu", {}}});
  document.nodes.push_back(netwright::test::node(9, "relu", "loose"));
  document.wires.push_back({{{1}, "y"}, {{9}, "x"}});
  EXPECT_FALSE(activationBytes(lowerGraph(document).program, 1).contains({9}));
}

}  // namespace
}  // namespace netwright::layers
