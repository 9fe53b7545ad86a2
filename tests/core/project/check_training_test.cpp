// SPDX-License-Identifier: Apache-2.0
// What is said before a run about what it lowers, trains, freezes and measures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/project/prepare.h"
#include "tests/support/graphs.h"

namespace netwright::project {
namespace {

using test::add;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<data::ColumnSpec> kColumns{
    {.name = "x", .shape = {4}},
    {.name = "kind", .dtype = DType::Int64, .role = data::Role::Target, .classes = {"a", "b", "c"}},
    {.name = "size", .shape = {1}, .role = data::Role::Target}};

// x -> body -> y (kind) and -> head -> size.
Project twoHeads() {
  Project p;
  p.graph = test::chain({4}, {{"linear", "body", {{"out_features", int64_t{3}}}}});
  add(p.graph, {"linear", "head", {{"out_features", int64_t{1}}}}, {"body"});
  add(p.graph, {"output", "length", {}}, {"head"});
  add(p.graph, {"target", "kind", {{"column", std::string("kind")}}});
  add(p.graph, {"cross_entropy", "which", {}}, {"body", "kind"});
  add(p.graph, {"target", "size", {{"column", std::string("size")}}});
  add(p.graph, {"mse", "how_long", {}}, {"head", "size"});
  return p;
}

std::vector<std::string> texts(const Project& p, Severity severity = Severity::Error) {
  std::vector<std::string> all;
  for (const Diagnostic& d : prepare(p, kColumns).diagnostics)
    if (d.severity == severity) all.push_back(d.text());
  return all;
}

TEST(CheckTraining, SeveralHeadsHaveTargetsOfTheirOwn) {
  Project p = twoHeads();
  p.run.metrics = {"accuracy", "mae/length", "mae/head/size"};
  EXPECT_THAT(texts(p), IsEmpty());
  const Prepared prepared = prepare(p, kColumns);
  EXPECT_EQ(prepared.columns, (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(prepared.targets, (std::vector<int>{1, 2}));
  ASSERT_EQ(prepared.metrics.size(), 3u);
  EXPECT_EQ(prepared.metrics[0].target, 1);
  EXPECT_EQ(prepared.metrics[1].target, 2);
  EXPECT_EQ(prepared.metrics[2].target, 2);
  EXPECT_EQ(prepared.metrics[1].name, "mae/length");
  EXPECT_TRUE(prepared.metrics[2].place.output);
  EXPECT_EQ(prepared.metrics[2].place.index, 1);
}

TEST(CheckTraining, SaysThatNothingIsLowered) {
  Project p;
  p.graph = test::chain({4}, {{"linear", "fc", {{"out_features", int64_t{3}}}}});
  p.run.objectives[0].terms.clear();
  p.run.metrics.clear();
  EXPECT_THAT(texts(p), ElementsAre("Objective 1 has nothing to lower. Choose a loss for it, or end a loss or a "
                                    "Minimize node of the graph in it."));
}

TEST(CheckTraining, LossesAndObjectivesBelongTogether) {
  Project p = twoHeads();
  add(p.graph, {"minimize", "m", {{"objective", int64_t{2}}}}, {"how_long:loss"});
  EXPECT_THAT(texts(p), ElementsAre("how_long belongs to objective 2, but the run has 1. Add objectives, or set its "
                                    "objective to a number up to 1."));
  p = twoHeads();
  p.run.objectives.resize(2);
  p.run.objectives[0].parameters = "body.*";
  p.run.objectives[1].parameters = "head.*";
  EXPECT_THAT(texts(p), ElementsAre("Objective 2 has nothing to lower. Choose a loss for it, or end a loss or a "
                                    "Minimize node of the graph in it."));
}

TEST(CheckTraining, AParameterHasOneOptimiser) {
  Project p = twoHeads();
  add(p.graph, {"minimize", "m", {{"objective", int64_t{2}}}}, {"how_long:loss"});
  p.run.objectives.resize(2);
  p.run.objectives[1].parameters = "head.*";
  EXPECT_THAT(texts(p),
              ElementsAre("The optimisers of objectives 1 and 2 both own head.weight and head.bias. Give each its own "
                          "parameters, for example by the patterns 'generator.*' and 'discriminator.*'."));
  p.run.objectives[0].parameters = "body.*";
  EXPECT_THAT(texts(p), IsEmpty());
}

TEST(CheckTraining, WarnsOfParametersThatNobodyTrains) {
  Project p = twoHeads();
  p.run.objectives[0].parameters = "head.*";
  EXPECT_THAT(texts(p), IsEmpty());
  EXPECT_THAT(texts(p, Severity::Warning),
              ElementsAre("Nobody trains body.weight and body.bias: no objective's pattern matches. It keeps what it "
                          "begins with; freeze it if that is meant."));
  p.run.frozen = {"body.*"};
  EXPECT_THAT(texts(p, Severity::Warning), IsEmpty());
}

TEST(CheckTraining, PatternsMatchSomething) {
  Project p = twoHeads();
  p.run.frozen = {"haed.*"};
  p.run.initialisers = {{"bdy.*", "orthogonal", {}, ""}, {"*.bias", "orthogonal", {}, ""}};
  p.run.objectives[0].groups = {{"*.bais", {}, ""}};
  p.run.objectives[0].regularisers = {{"*.wight", "l2", 0.1, ""}};
  EXPECT_THAT(
      texts(p),
      ElementsAre(
          "The pattern 'haed.*' of what is frozen matches no parameter. A near one that does is 'head.*'.",
          "The pattern 'bdy.*' of the initialiser Orthogonal matches no parameter with the dimensions that it needs. A "
          "near one that does is 'body.*'.",
          "The pattern '*.bias' of the initialiser Orthogonal matches no parameter with the dimensions that it needs. "
          "A near one that does is '*.weight'.",
          "The pattern '*.bais' of a group of the objective matches no parameter. A near one that does is '*.bias'.",
          "The pattern '*.wight' of the regulariser l2 matches no parameter that the objective trains. A near one that "
          "does is '*.weight'."));
  p = twoHeads();
  p.run.objectives[0].parameters = "hed.*";
  EXPECT_THAT(
      texts(p),
      ElementsAre("The pattern 'hed.*' of the objective matches no parameter. A near one that does is 'head.*'."));
}

TEST(CheckTraining, MetricsFindTheirWireAndTheirColumn) {
  Project p = twoHeads();
  p.run.metrics = {"mae/lenght", "mae/body", "mae/head/sise"};
  EXPECT_THAT(texts(p), ElementsAre("The metric Mean absolute error reads 'lenght', which the graph does not have, or "
                                    "which is no tensor. A near name is 'length'.",
                                    "The metric Mean absolute error is made for numbers, but the target 'kind' holds "
                                    "classes. Choose another metric.",
                                    "The metric Mean absolute error has nothing to compare with: there is no column "
                                    "'sise'. Name a column as in mae/head/COLUMN. The data has: x, kind, size."));
}

TEST(CheckTraining, WithoutLossesInTheGraphAllIsAsSimpleAsEver) {
  Project p;
  p.graph = test::chain({4}, {{"linear", "fc", {{"out_features", int64_t{3}}}}});
  p.run.objectives[0].terms[0].target = "kind";
  EXPECT_THAT(texts(p), IsEmpty());
  const Prepared prepared = prepare(p, kColumns);
  EXPECT_FALSE(prepared.lowered.ownLosses);
  EXPECT_EQ(prepared.targets, (std::vector<int>{1}));
  EXPECT_EQ(prepared.metrics.at(0).name, "accuracy");
}

}  // namespace
}  // namespace netwright::project
