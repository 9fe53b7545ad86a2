// SPDX-License-Identifier: Apache-2.0
// Losses and targets as nodes of the graph.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/convert/model_part.h"
#include "core/layers/lower_graph.h"
#include "tests/support/graphs.h"

namespace netwright::layers {
namespace {

using netwright::test::add;
using netwright::test::chain;
using netwright::test::connect;
using netwright::test::LayerCase;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// x (N, 4) -> fc (N, 3) -> y, and columns `kind` (a class), `size` (three numbers) and `x`.
graph::Document predictor() { return chain({4}, {{"linear", "fc", {{"out_features", int64_t{3}}}}}); }
TrainingRequest request() {
  TrainingRequest r;
  r.columns = {
      {"x", {DType::Float32, {4}}, false}, {"kind", {DType::Int64, {}}, true}, {"size", {DType::Float32, {3}}, true}};
  return r;
}
graph::Document withLoss(const std::string& column, const LayerCase& loss) {
  graph::Document d = predictor();
  add(d, {"target", "t", {{"column", column}}});
  add(d, loss, {"fc", "t"});
  return d;
}

std::vector<std::string> texts(const Lowered& lowered) {
  std::vector<std::string> all;
  for (const Diagnostic& d : lowered.diagnostics) all.push_back(d.text());
  return all;
}

TEST(OwnLosses, ALossThatLeadsNowhereIsMinimised) {
  const graph::Document d = withLoss("kind", {"cross_entropy", "ce", {{"ignore_index", int64_t{7}}}});
  const Lowered lowered = lowerForTraining(d, request());
  ASSERT_THAT(texts(lowered), IsEmpty());
  EXPECT_TRUE(lowered.ownLosses);
  ASSERT_EQ(lowered.program.losses.size(), 1u);
  EXPECT_EQ(lowered.program.losses[0].name, "ce");
  EXPECT_EQ(lowered.program.losses[0].weight, 1);
  EXPECT_EQ(lowered.program.losses[0].objective, 0);
  ASSERT_EQ(lowered.losses.size(), 1u);
  EXPECT_EQ(lowered.losses[0].loss, "cross_entropy");
  EXPECT_EQ(lowered.losses[0].input, "kind");
  EXPECT_EQ(lowered.losses[0].output, lowered.program.outputs[0].value);
  EXPECT_EQ(lowered.losses[0].params.at("ignore_index"), Attribute(int64_t{7}));
  EXPECT_EQ(program::text(*lowered.typeAt({d.findByName("t")->id, "y"})), "int64 (N,)");
}

TEST(OwnLosses, AreNoPartOfTheModel) {
  graph::Document d = withLoss("kind", {"cross_entropy", "ce", {}});
  add(d, {"linear", "critic", {{"out_features", int64_t{1}}}}, {"fc"});  // only a loss needs it
  add(d, {"minimize", "m", {{"reduction", std::string("mean")}}}, {"critic"});
  const Lowered lowered = lowerForTraining(d, request());
  ASSERT_THAT(texts(lowered), IsEmpty());
  const convert::ModelPart part = convert::modelPart(lowered.program);
  ASSERT_EQ(part.ops.size(), 1u);
  EXPECT_EQ(part.ops[0]->layer, "Linear 'fc'");
  ASSERT_EQ(part.inputs.size(), 1u);
  EXPECT_EQ(part.inputs[0]->name, "x");
  EXPECT_EQ(lowered.program.outputs.size(), 1u);
  EXPECT_EQ(lowered.program.parameterCount(), 15);
  EXPECT_EQ(lowered.program.macs(), program::Dim::symbol("N") * program::Dim(12));
  EXPECT_FALSE(lowered.nodes.at(d.findByName("critic")->id).model);
  EXPECT_TRUE(lowered.nodes.at(d.findByName("fc")->id).model);
  for (const program::State& s : lowered.program.states)
    EXPECT_EQ(s.part == program::Part::Loss, s.name.starts_with("critic.")) << s.name;
}

TEST(OwnLosses, TakeThePlaceOfThoseOfTheRun) {
  TrainingRequest r = request();
  r.losses = {{"mse", {}, 1, 0, "", "size", {DType::Float32, {3}}}};
  EXPECT_EQ(lowerForTraining(predictor(), r).losses.at(0).loss, "mse");
  const Lowered lowered = lowerForTraining(withLoss("kind", {"cross_entropy", "ce", {}}), r);
  ASSERT_EQ(lowered.losses.size(), 1u);
  EXPECT_EQ(lowered.losses[0].loss, "cross_entropy");
}

TEST(OwnLosses, MinimizeWeighsAndComposes) {
  graph::Document d = withLoss("kind", {"cross_entropy", "ce", {}});
  add(d, {"target", "t2", {{"column", std::string("size")}}});
  add(d, {"mse", "distance", {}}, {"fc", "t2"});
  add(d, {"minimize", "half", {{"weight", 0.5}}}, {"ce:loss"});
  add(d, {"add", "both", {}}, {"ce:loss", "distance:loss"});
  add(d, {"minimize", "all", {{"objective", int64_t{2}}}}, {"both"});
  const Lowered lowered = lowerForTraining(d, request());
  ASSERT_THAT(texts(lowered), IsEmpty());
  const auto& terms = lowered.program.losses;
  ASSERT_EQ(terms.size(), 2u);
  EXPECT_EQ(terms[0].name, "ce");  // a weighted loss is that loss
  EXPECT_EQ(terms[0].weight, 0.5);
  EXPECT_EQ(lowered.losses[0].input, "kind");
  EXPECT_EQ(terms[1].name, "all");
  EXPECT_EQ(terms[1].objective, 1);
  EXPECT_EQ(lowered.losses[1].input, "");
}

TEST(OwnLosses, WhatIsMinimisedIsOneNumber) {
  const Lowered lowered =
      lowerForTraining(withLoss("size", {"mse", "loss", {{"reduction", std::string("none")}}}), request());
  ASSERT_THAT(texts(lowered), ElementsAre("Mean squared error 'loss' says what training lowers, but it is (N, 3), not "
                                          "one number. Set its reduction to mean or sum, or take the mean before."));
  EXPECT_EQ(lowered.diagnostics[0].code, "NW-R020");
  EXPECT_EQ(lowered.diagnostics[0].fixes.at(0).label, "Set reduction to mean");
  graph::Document d = predictor();
  add(d, {"minimize", "m", {}}, {"fc"});
  EXPECT_THAT(texts(lowerForTraining(d, request())), ElementsAre(HasSubstr("Minimize 'm' says what training lowers")));
}

TEST(OwnLosses, TargetsAreUnknownAndSilentWithoutData) {
  const graph::Document d = withLoss("kind", {"cross_entropy", "ce", {}});
  const Lowered lowered = lowerGraph(d);
  EXPECT_THAT(texts(lowered), IsEmpty());
  EXPECT_TRUE(lowered.ownLosses);
  EXPECT_TRUE(lowered.program.losses.empty());
  EXPECT_FALSE(lowered.typeAt({d.findByName("t")->id, "y"})->isTensor());
}

TEST(OwnLosses, TargetsSayWhatTheyAreBoundTo) {
  const auto found = [](const std::string& column, TrainingRequest r) {
    return lowerForTraining(withLoss(column, {"cross_entropy", "ce", {}}), r).diagnostics.at(0);
  };
  const Diagnostic wrong = found("kinds", request());
  EXPECT_EQ(wrong.text(),
            "Target 't' is bound to the column 'kinds', which the data does not have. It has: x, kind, size.");
  EXPECT_EQ(wrong.param, "column");
  EXPECT_EQ(wrong.fixes.at(0).label, "Bind t to kind");
  const Diagnostic several = found("", request());
  EXPECT_EQ(several.text(), "Target 't' does not say which target it stands for. Set column to one of: kind, size.");
  ASSERT_EQ(several.fixes.size(), 2u);
  EXPECT_EQ(several.fixes[1].label, "Bind t to size");
  TrainingRequest none = request();
  none.columns.resize(1);
  EXPECT_EQ(found("", none).code, "NW-D022");
  TrainingRequest one = request();
  one.columns.pop_back();
  EXPECT_THAT(texts(lowerForTraining(withLoss("", {"cross_entropy", "ce", {}}), one)), IsEmpty());
}

TEST(OwnLosses, ATargetMayBeWhatAnInputTakes) {
  graph::Document d = chain({4}, {{"linear", "fc", {{"out_features", int64_t{4}}}}});
  add(d, {"target", "same", {{"column", std::string("x")}}});
  add(d, {"mse", "again", {}}, {"fc", "same"});
  std::rotate(d.nodes.begin(), d.nodes.begin() + 3, d.nodes.end());  // the target comes first
  const Lowered lowered = lowerForTraining(d, request());
  ASSERT_THAT(texts(lowered), IsEmpty());
  EXPECT_EQ(lowered.program.inputs.size(), 1u);
  EXPECT_EQ(lowered.losses.at(0).input, "x");
}

TEST(OwnLosses, MetricsReadAnyWire) {
  graph::Document d = withLoss("kind", {"cross_entropy", "ce", {}});
  add(d, {"linear", "hidden", {{"out_features", int64_t{3}}}}, {"x"});  // nothing else needs it
  TrainingRequest r = request();
  r.measured = {"", "y", "fc.y", "hidden", "nothing"};
  const Lowered lowered = lowerForTraining(d, r);
  ASSERT_EQ(lowered.measured.size(), 5u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(lowered.measured[static_cast<size_t>(i)].output);
    EXPECT_EQ(lowered.measured[static_cast<size_t>(i)].index, 0);
  }
  EXPECT_FALSE(lowered.measured[3].output);
  EXPECT_EQ(lowered.measured[3].index, 0);
  EXPECT_EQ(lowered.measured[4].index, -1);
  ASSERT_EQ(lowered.program.measured.size(), 1u);
  EXPECT_EQ(convert::modelPart(lowered.program).ops.size(), 1u);  // exports know nothing of it
}

TEST(OwnLosses, RegularisersAddUpWhatTheirPatternsChoose) {
  TrainingRequest r = request();
  r.losses = {{"cross_entropy", {}, 1, 0, "", "kind", {DType::Int64, {}}}};
  r.regularisers = {{"l2", "*.weight", "*", 0.1, 0}, {"orthogonal", "*", "*", 0.2, 0}, {"l1", "*", "none.*", 1, 0}};
  const Lowered lowered = lowerForTraining(predictor(), r);
  ASSERT_THAT(texts(lowered), IsEmpty());
  ASSERT_EQ(lowered.program.losses.size(), 3u);  // the last one holds nothing that its objective trains
  EXPECT_EQ(lowered.program.losses[1].name, "l2");
  EXPECT_EQ(lowered.program.losses[1].weight, 0.1);
  EXPECT_EQ(lowered.losses[2].loss, "orthogonal");
  for (const program::LossTerm& t : lowered.program.losses)
    EXPECT_EQ(program::text(lowered.program.type(t.value)), "()");
  r.frozen = {"fc.weight"};
  const Lowered frozen = lowerForTraining(predictor(), r);
  EXPECT_EQ(frozen.program.losses.size(), 1u);
  EXPECT_TRUE(frozen.program.states.at(0).frozen);
  EXPECT_FALSE(frozen.program.states.at(1).frozen);
}

}  // namespace
}  // namespace netwright::layers
