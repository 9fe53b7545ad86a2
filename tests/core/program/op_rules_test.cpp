// SPDX-License-Identifier: Apache-2.0
// Shape rules of ops whose kernels read out of bounds or are handed lists: what layers cannot get wrong by themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/messages.h"
#include "core/program/builder.h"

namespace netwright::program {
namespace {

using ::testing::IsEmpty;

const Dim kBatch = Dim::symbol("N");

class OpRules : public ::testing::Test {
 protected:
  OpRules() { builder.enter({{NodeId{1}}, "node", "Layer 'node'"}); }
  ValueId tensor(Shape shape, DType type = DType::DefaultFloat) { return builder.input("t", {type, std::move(shape)}); }

  // The complaint about an op, or its results.
  std::string say(const std::string& op, std::vector<Argument> args) {
    builder.op(op, std::move(args));
    if (auto failure = builder.takeFailure()) {
      failure->args["layer"] = "Layer 'node'";
      return messageText(failure->code, failure->args);
    }
    std::string out;
    for (const ValueId r : builder.program().ops.back().results)
      out += (out.empty() ? "" : ", ") + text(builder.program().type(r));
    return out;
  }

  // One layer, one direction; sizes as they should be unless a test changes them.
  struct Lstm {
    Shape x{kBatch, 5, 3}, h{1, kBatch, 4}, c{1, kBatch, 4};
    std::vector<Shape> params{{16, 3}, {16, 4}, {16}, {16}};
  };
  std::string lstm(const Lstm& l, bool bidirectional = false) {
    std::vector<ValueId> params;
    for (const Shape& s : l.params) params.push_back(tensor(s));
    const std::vector<ValueId> states{tensor(l.h), tensor(l.c)};
    return say("lstm.input", {tensor(l.x), states, params, true, Dim(1), 0.0, false, bidirectional, true});
  }

  Builder builder;
};

TEST_F(OpRules, LstmHasThreeResults) {
  EXPECT_EQ(lstm({}), "(N, 5, 4), (1, N, 4), (1, N, 4)");
  EXPECT_THAT(builder.program().dimGuards, IsEmpty());
}

// The kernel takes each of these and reads beyond the weights.
TEST_F(OpRules, LstmRefusesWeightsOfOtherSizes) {
  Lstm l;
  l.x = {kBatch, 5, 64};
  EXPECT_EQ(lstm(l), "Layer 'node' expects 3 input features but receives 64.");
  l = {};
  l.params[1] = {8, 4};
  EXPECT_EQ(lstm(l), "Layer 'node' expects its input 'weight_hh_l0' to be (16, 4) but receives (8, 4).");
  l = {};
  l.params[3] = {12};
  EXPECT_EQ(lstm(l), "Layer 'node' expects its input 'bias_hh_l0' to be (16,) but receives (12,).");
  l = {};
  l.params[2] = {16, 1};
  EXPECT_EQ(lstm(l), "Layer 'node' expects its input 'bias_ih_l0' to be (16,) but receives (16, 1).");
  l = {};
  l.params.pop_back();
  EXPECT_EQ(lstm(l), "Layer 'node' expects its input 'params' to be 4 weights but receives 3.");
  EXPECT_EQ(lstm({}, true), "Layer 'node' expects its input 'params' to be 8 weights but receives 4.");
}

TEST_F(OpRules, LstmRefusesStatesOfOtherSizes) {
  Lstm l;
  l.h = {2, kBatch, 4};
  EXPECT_EQ(lstm(l), "Layer 'node' expects its input 'h_0' to be (1, N, 4) but receives (2, N, 4).");
  l = {};
  l.c = {kBatch, 4};
  EXPECT_EQ(lstm(l), "Layer 'node' expects its input 'c_0' to be (1, N, 4) but receives (N, 4).");
}

TEST_F(OpRules, LstmLeavesToTheBatchWhatItCannotDecide) {
  Lstm l;
  l.h = {1, 3, 4};
  EXPECT_EQ(lstm(l), "(N, 5, 4), (1, N, 4), (1, N, 4)");
  ASSERT_EQ(builder.program().dimGuards.size(), 1u);
  EXPECT_EQ(builder.program().dimGuards[0].code, "NW-S033");
}

TEST_F(OpRules, AttentionNeedsAValueForEachKey) {
  const auto attend = [&](Shape q, Shape k, Shape v) {
    return say("scaled_dot_product_attention", {tensor(std::move(q)), tensor(std::move(k)), tensor(std::move(v))});
  };
  EXPECT_EQ(attend({kBatch, 2, 5, 4}, {kBatch, 2, 7, 4}, {kBatch, 2, 7, 6}), "(N, 2, 5, 6)");
  EXPECT_EQ(attend({kBatch, 2, 5, 4}, {kBatch, 2, 7, 4}, {kBatch, 2, 6, 4}),
            "Layer 'node' cannot let (N, 2, 5, 4) attend to keys (N, 2, 7, 4) with values (N, 2, 6, 4): the number of "
            "samples must be equal, and each key needs one value.");
  EXPECT_EQ(attend({kBatch, 5, 4}, {kBatch, 7, 4}, {kBatch, 7, 4}),
            "Layer 'node' expects an input with 4 dimensions (N, heads, length, features) but receives (N, 5, 4).");
  EXPECT_EQ(attend({3, 2, 5, 4}, {kBatch, 2, 7, 4}, {3, 2, 7, 4}), "(3, 2, 5, 4)");
  EXPECT_EQ(builder.program().dimGuards.size(), 1u);
}

TEST_F(OpRules, ViewsStayInside) {
  const ValueId x = tensor({kBatch, 6, 4});
  EXPECT_EQ(say("transpose.int", {x, Dim(0), Dim(-1)}), "(4, 6, N)");
  EXPECT_EQ(say("select.int", {x, Dim(1), Dim(-6)}), "(N, 4)");
  EXPECT_EQ(say("select.int", {x, Dim(1), Dim(6)}),
            "Layer 'node' cannot take 1 entries from 6 on along dimension 1, which has 6.");
  EXPECT_EQ(say("narrow", {x, Dim(2), Dim(1), Dim(3)}), "(N, 6, 3)");
  EXPECT_EQ(say("narrow", {x, Dim(2), Dim(2), Dim(3)}),
            "Layer 'node' cannot take 3 entries from 2 on along dimension 2, which has 4.");
  EXPECT_EQ(say("unflatten.int", {x, Dim(1), Shape{2, 3}}), "(N, 2, 3, 4)");
  EXPECT_EQ(say("unflatten.int", {x, Dim(1), Shape{2, 2}}),
            "Layer 'node' cannot split dimension 1 of (N, 6, 4) into (2, 2): that would be 4 entries.");
}

TEST_F(OpRules, ConcatComparesEveryTensorWithTheFirst) {
  const auto join = [&](const std::vector<Shape>& shapes) {
    std::vector<ValueId> tensors;
    for (const Shape& s : shapes) tensors.push_back(tensor(s));
    return say("cat", {tensors, Dim(1)});
  };
  EXPECT_EQ(join({{kBatch, 1}, {kBatch, 2}, {kBatch, kBatch}}), "(N, N + 3)");
  EXPECT_EQ(join({{4, 1}, {4, 2}, {5, 2}}),
            "Layer 'node' joins along dimension 1, where sizes may differ; all others must be equal. Its input 3 is "
            "(5, 2), the first is (4, 1).");
  EXPECT_EQ(join({{4, 1}, {kBatch, 2}}), "(4, 3)");
  EXPECT_EQ(builder.program().dimGuards.size(), 1u);
}

TEST_F(OpRules, UnreadResultsAreLeftOut) {
  const ValueId x = tensor({kBatch, 6});
  const ValueId used = builder.op("relu", {x});
  builder.op("relu", {used});
  const ValueId counter = tensor({}, DType::Int64);
  builder.op("add_.Scalar", {counter, Dim(1)});
  builder.output("y", used);
  Program program = builder.take();
  dropUnread(program);
  ASSERT_EQ(program.ops.size(), 2u);
  EXPECT_EQ(program.ops[0].results[0], used);
  EXPECT_EQ(program.ops[1].info->id(), "add_.Scalar") << "it writes";
}

}  // namespace
}  // namespace netwright::program
