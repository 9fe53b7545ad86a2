// SPDX-License-Identifier: Apache-2.0
#include "core/layers/lower_loss.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/graphs.h"

namespace netwright::layers {
namespace {

using netwright::test::chain;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Sizes = std::vector<int64_t>;

LossRequest loss(const std::string& kind, DType type, program::Shape target = {}, const Attributes& params = {}) {
  return {kind, params, 1, 0, "", "target", {type, std::move(target)}};
}

// A network with `outputs` numbers for each sample.
graph::Document predictor(int64_t outputs) { return chain({4}, {{"linear", "fc", {{"out_features", outputs}}}}); }

std::vector<std::string> texts(const Lowered& lowered) {
  std::vector<std::string> all;
  for (const Diagnostic& d : lowered.diagnostics) all.push_back(d.text());
  return all;
}

TEST(LowerLoss, RefusesTargetsOfAnotherKind) {
  EXPECT_THAT(texts(lowerGraph(predictor(3), {loss("nll", DType::Float32)})),
              ElementsAre("Negative log likelihood on 'y' compares with class numbers (int64) but the target holds "
                          "float. To predict numbers choose another loss: mse, l1 or huber."));
  for (const auto& [kind, title] : {std::pair("mse", "Mean squared error"),
                                    {"l1", "Mean absolute error"},
                                    {"huber", "Huber"},
                                    {"bce_with_logits", "BCE with logits"}})
    EXPECT_THAT(texts(lowerGraph(predictor(1), {loss(kind, DType::Int64)})),
                ElementsAre(std::string(title) +
                            " on 'y' compares with numbers (float) but the target holds int64. For class numbers "
                            "choose cross_entropy; to predict these numbers, convert the column to float."));
}

TEST(LowerLoss, RefusesSizesThatWouldBroadcast) {
  const Lowered lowered = lowerGraph(predictor(3), {loss("mse", DType::Float32)});
  ASSERT_THAT(texts(lowered),
              ElementsAre("Mean squared error on 'y' compares (N, 3) with targets (N,): both must have the same sizes. "
                          "Change the last layer or the target."));
  const Diagnostic& d = lowered.diagnostics[0];
  EXPECT_EQ(d.node, NodePath{{3}});
  ASSERT_EQ(d.fixes.size(), 1u);
  EXPECT_EQ(d.fixes[0].label, "Set out_features of fc to 1");
  EXPECT_EQ(d.fixes[0].steps, (std::vector<FixStep>{SetParamStep{{2}, "out_features", int64_t{1}}}));
  EXPECT_FALSE(lowerGraph(predictor(3), {loss("l1", DType::Float32, {5})}).ok());
  EXPECT_FALSE(lowerGraph(predictor(2), {loss("huber", DType::Float32, {2, 1, 2})}).ok());
}

TEST(LowerLoss, FindsTheLayerToChangeBehindAnActivation) {
  const graph::Document d = chain({4}, {{"linear", "fc", {}}, {"sigmoid", "s", {}}});
  const Lowered lowered = lowerGraph(d, {loss("mse", DType::Float32, {2})});
  ASSERT_EQ(lowered.diagnostics.size(), 1u);
  ASSERT_EQ(lowered.diagnostics[0].fixes.size(), 1u);
  EXPECT_EQ(lowered.diagnostics[0].fixes[0].label, "Set out_features of fc to 2");
}

TEST(LowerLoss, ReadsATargetOfOneNumberAsAColumn) {
  const Lowered lowered = lowerGraph(predictor(1), {loss("mse", DType::Float32)});
  ASSERT_THAT(texts(lowered), IsEmpty());
  const auto& ops = lowered.program.ops;
  ASSERT_EQ(ops.size(), 3u);
  EXPECT_EQ(ops[1].info->id(), "reshape");
  EXPECT_EQ(ops[1].part, program::Part::Loss);
  EXPECT_EQ(program::text(lowered.program.type(ops[1].results[0])), "(N, 1)");
}

TEST(LowerLoss, WantsOneWeightForEachClass) {
  const Lowered lowered =
      lowerGraph(predictor(3), {loss("cross_entropy", DType::Int64, {}, {{"weight", std::vector<double>{1, 2}}})});
  ASSERT_THAT(texts(lowered),
              ElementsAre("Cross entropy on 'y' has 2 weights in weight but 3 scores for each sample. Give one weight "
                          "for each, or none."));
  EXPECT_EQ(lowered.diagnostics[0].param, "weight");
  EXPECT_THAT(texts(lowerGraph(predictor(3), {loss("bce_with_logits", DType::Float32, {3},
                                                   {{"pos_weight", std::vector<double>{1, 2}}})})),
              ElementsAre("BCE with logits on 'y' has 2 weights in pos_weight but 3 scores for each sample. Give one "
                          "weight for each, or none."));
  EXPECT_THAT(texts(lowerGraph(predictor(3), {loss("nll", DType::Int64, {}, {{"weight", std::vector<double>{-1}}})})),
              ElementsAre("Negative log likelihood on 'y': weight must be at least 0 but is -1."));
}

TEST(LowerLoss, KeepsTheWeightsOfTwoLossesApart) {
  const Attributes params{{"weight", std::vector<double>{1, 2, 3}}};
  const LossRequest one = loss("cross_entropy", DType::Int64, {}, params);
  const program::Program p = lowerGraph(predictor(3), {one, one}).program;
  std::vector<std::string> buffers;
  for (const program::State& s : p.states)
    if (s.kind == program::StateKind::Buffer) buffers.push_back(s.name);
  EXPECT_THAT(buffers, ElementsAre("cross_entropy.target.weight", "cross_entropy.target_.weight"));
  EXPECT_EQ(p.losses.size(), 2u);
}

TEST(LowerLoss, NamesUnknownLossesAndOutputs) {
  EXPECT_THAT(texts(lowerGraph(predictor(3), {loss("mean_squared", DType::Float32)})).at(0),
              ::testing::StartsWith("The loss 'mean_squared' does not exist. Did you mean '"));
  EXPECT_THAT(texts(lowerGraph(predictor(3), {loss("relu", DType::Float32)})).at(0),
              ::testing::StartsWith("The loss 'relu' does not exist."));
  LossRequest elsewhere = loss("mse", DType::Float32);
  elsewhere.output = "score";
  EXPECT_THAT(texts(lowerGraph(predictor(1), {elsewhere})),
              ElementsAre("The Mean squared error loss names the output 'score', which the graph does not have. It "
                          "has: y."));
}

TEST(LowerLoss, ReportsWhatIsWrongBesideErrorsOfTheGraph) {
  graph::Document d = predictor(3);
  d.nodes[1].params["out_features"] = int64_t{0};
  EXPECT_THAT(texts(lowerGraph(d, {loss("huber", DType::Float32, {3}, {{"delta", 0.0}})})),
              ElementsAre("Linear 'fc': out_features must be at least 1 but is 0.",
                          "Huber on 'y': delta must be above 0 but is 0."));
}

}  // namespace
}  // namespace netwright::layers
