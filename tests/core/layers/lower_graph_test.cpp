// SPDX-License-Identifier: Apache-2.0
#include "core/layers/lower_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/layers/registry.h"
#include "tests/support/graphs.h"

namespace netwright::layers {
namespace {

using graph::Document;
using netwright::test::chain;
using netwright::test::node;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> texts(const Lowered& lowered, Severity severity = Severity::Error) {
  std::vector<std::string> all;
  for (const Diagnostic& d : lowered.diagnostics)
    if (d.severity == severity) all.push_back(d.text());
  return all;
}

std::string outputShape(const Document& d, int64_t node) {
  const Lowered lowered = lowerGraph(d);
  const auto* type = lowered.typeAt({{node}, "y"});
  return type ? program::text(*type) : "none";
}

TEST(LowerGraph, InfersSizesFromTheWires) {
  const Document d = chain({1, 28, 28}, {{"conv2d", "conv", {}},
                                         {"max_pool2d", "pool", {}},
                                         {"flatten", "flatten", {}},
                                         {"linear", "fc", {{"out_features", int64_t{10}}}}});
  const Lowered lowered = lowerGraph(d);
  EXPECT_THAT(texts(lowered), IsEmpty());
  EXPECT_EQ(program::text(*lowered.typeAt({{5}, "y"})), "(N, 10)");
  EXPECT_EQ(lowered.nodes.at({5}).inferred.at("in_features"), 32 * 13 * 13);
  EXPECT_EQ(lowered.nodes.at({2}).parameters, 32 * 9 + 32);
  EXPECT_EQ(lowered.nodes.at({2}).macs, program::Dim::symbol("N") * program::Dim(32 * 26 * 26 * 9));
  EXPECT_EQ(lowered.program.parameterCount(), 320 + 5408 * 10 + 10);
}

TEST(LowerGraph, ExplainsAMismatchWithNumbersChainAndFix) {
  const Document d =
      chain({1, 28, 28},
            {{"conv2d", "conv1", {}}, {"flatten", "flatten", {}}, {"linear", "fc1", {{"in_features", int64_t{784}}}}});
  const Lowered lowered = lowerGraph(d);
  ASSERT_THAT(texts(lowered), ElementsAre("Linear 'fc1' expects 784 input features but receives 21,632."));
  const Diagnostic& found = lowered.diagnostics[0];
  EXPECT_EQ(found.code, "NW-S003");
  EXPECT_EQ(found.param, "in_features");
  EXPECT_EQ(found.chain, "x (N, 1, 28, 28) → Conv2d 'conv1' (N, 32, 26, 26) → Flatten 'flatten' (N, 21632)");
  ASSERT_EQ(found.fixes.size(), 1u);
  EXPECT_EQ(found.fixes[0].label, "Let fc1 take 21,632");
  EXPECT_EQ(found.fixes[0].steps, (std::vector<FixStep>{SetParamStep{{4}, "in_features", Auto{}}}));
}

TEST(LowerGraph, OffersFlattenBeforeALinearThatGetsAnImage) {
  const Document d = chain({1, 28, 28}, {{"linear", "fc", {{"in_features", int64_t{784}}}}});
  const Lowered lowered = lowerGraph(d);
  ASSERT_THAT(texts(lowered), ElementsAre("Linear 'fc' expects 784 input features but receives 28."));
  EXPECT_EQ(lowered.diagnostics[0].fixes[0].label, "Add Flatten before fc");
}

TEST(LowerGraph, ReportsIndependentErrorsAtOnceAndNoConsequences) {
  Document d = chain({1, 28, 28}, {{"conv2d", "a", {{"kernel_size", std::vector<int64_t>{0, 3}}}},
                                   {"relu", "r", {}},
                                   {"dropout", "drop", {{"p", 1.5}}},
                                   {"conv2d", "b", {}}});
  EXPECT_THAT(texts(lowerGraph(d)), ElementsAre("Conv2d 'a': kernel_size must be at least 1 but is 0.",
                                                "Dropout 'drop': p must be at most 1 but is 1.5."));
}

TEST(LowerGraph, NamesWhatIsMissing) {
  Document d = chain({4}, {{"add", "sum", {}}});
  d.wires[0].to.port = "a";
  EXPECT_THAT(texts(lowerGraph(d)),
              ElementsAre("Add 'sum' has nothing connected to its input 'b'. Drag a wire to it, or delete the layer."));
  EXPECT_THAT(
      texts(lowerGraph({})),
      ElementsAre("The graph has no Input layer. Add one: it says what a sample looks like.",
                  "The graph has no Output layer. Add one after the last layer: it marks what the network computes."));
}

TEST(LowerGraph, ReportsACycleWithAFix) {
  Document d = chain({4}, {{"relu", "a", {}}, {"relu", "b", {}}});
  d.wires[0] = {{{3}, "y"}, {{2}, "x"}};
  const Lowered lowered = lowerGraph(d);
  ASSERT_EQ(texts(lowered).size(), 1u);
  EXPECT_EQ(texts(lowered)[0],
            "The wires form a cycle: b → a → b. Remove one of them; a network flows from inputs to outputs.");
  EXPECT_FALSE(lowered.diagnostics[0].fixes.empty());
}

TEST(LowerGraph, KeepsUnknownKindsAsPlaceholders) {
  Document d = chain({4}, {{"quantum", "q", {}}});
  EXPECT_THAT(texts(lowerGraph(d)),
              ElementsAre("Unknown layer 'q' is of the kind 'quantum', which this version does not know. It is kept as "
                          "it is; install the plugin that brings it, or replace it."));
}

TEST(LowerGraph, SaysHowMuchAWindowIsTooLarge) {
  const Document d = chain({1, 2, 2}, {{"conv2d", "conv", {}}});
  EXPECT_THAT(
      texts(lowerGraph(d)),
      ElementsAre(
          "Conv2d 'conv' would make an output of size 0: an input of 2 is smaller than the window of 3 (kernel_size 3, "
          "dilation 1, padding 0). Use a smaller kernel_size, more padding, or a larger input."));
}

TEST(LowerGraph, RefusesUnevenGroupsPaddingAndAdditions) {
  EXPECT_THAT(texts(lowerGraph(chain({3, 8, 8}, {{"conv2d", "c", {{"groups", int64_t{2}}}}}))),
              ElementsAre("Conv2d 'c' splits 3 channels into 2 groups, which does not divide evenly."));
  EXPECT_THAT(texts(lowerGraph(chain({3, 8, 8}, {{"max_pool2d", "p", {{"padding", std::vector<int64_t>{2, 2}}}}}))),
              ElementsAre("MaxPool2d 'p': padding 2 is more than half of kernel_size 2. Pooling allows at most 1."));
  Document d;
  d.nodes = {node(1, "input", "a", {{"shape", std::vector<int64_t>{3}}}),
             node(2, "input", "b", {{"shape", std::vector<int64_t>{4}}}), node(3, "add", "sum"),
             node(4, "output", "y")};
  d.wires = {{{{1}, "y"}, {{3}, "a"}}, {{{2}, "y"}, {{3}, "b"}}, {{{3}, "y"}, {{4}, "x"}}};
  EXPECT_THAT(
      texts(lowerGraph(d)),
      ElementsAre(
          "Add 'sum' cannot add (N, 3) and (N, 4): they differ in dimension 1 (3 and 4). Sizes must be equal or 1."));
}

TEST(LowerGraph, LeavesLooseNodesOutAndDoesNotLetThemStopARun) {
  Document d = chain({4}, {{"linear", "fc", {}}});
  d.nodes.push_back(node(9, "linear", "loose"));
  const Lowered lowered = lowerGraph(d);
  EXPECT_TRUE(lowered.ok());
  EXPECT_THAT(
      texts(lowered, Severity::Warning),
      ElementsAre("Linear 'loose' has nothing connected to its input 'x'. Drag a wire to it, or delete the layer."));
  EXPECT_EQ(lowered.program.states.size(), 2u);
}

TEST(LowerGraph, DrawsWeightsInModuleOrderNotInFlowOrder) {
  Document d = chain({4}, {{"linear", "first", {}}, {"linear", "second", {}}});
  std::swap(d.nodes[1], d.nodes[2]);  // the document lists second before first
  const program::Program p = lowerGraph(d).program;
  EXPECT_EQ(p.states[static_cast<size_t>(p.initialisation[0].state)].name, "second.weight");
  EXPECT_EQ(p.states[0].name, "first.weight");
}

TEST(LowerGraph, SharesWeightsByReference) {
  Document d =
      chain({4}, {{"linear", "a", {{"out_features", int64_t{4}}}}, {"linear", "b", {{"out_features", int64_t{4}}}}});
  d.nodes[2].shared = {{"weight", {{{2}}, "weight"}}, {"bias", {{{2}}, "bias"}}};
  const program::Program p = lowerGraph(d).program;
  EXPECT_EQ(p.states.size(), 2u);
  EXPECT_EQ(p.initialisation.size(), 2u);
}

TEST(LowerGraph, AddsLossesOutsideTheModel) {
  const Document d = chain({4}, {{"linear", "fc", {{"out_features", int64_t{3}}}}});
  const Lowered lowered = lowerGraph(d, {{"cross_entropy", {}, 1, 0, "", "label", {DType::Int64, {}}}});
  ASSERT_TRUE(lowered.ok());
  ASSERT_EQ(lowered.program.losses.size(), 1u);
  EXPECT_EQ(lowered.program.ops.back().part, program::Part::Loss);
  ASSERT_EQ(lowered.program.indexGuards.size(), 1u);
  EXPECT_EQ(lowered.program.indexGuards[0].limit, program::Dim(3));
}

TEST(LowerGraph, RefusesFloatTargetsForCrossEntropy) {
  const Document d = chain({4}, {{"linear", "fc", {}}});
  EXPECT_THAT(
      texts(lowerGraph(d, {{"cross_entropy", {}, 1, 0, "", "target", {DType::Float32, {}}}})),
      ElementsAre("Cross entropy on 'y' compares with class numbers (int64) but the target holds float. To predict "
                  "numbers choose another loss: mse, l1 or huber."));
}

TEST(LowerGraph, OpIdsDependOnTheNodeOnly) {
  const Document d = chain({4}, {{"linear", "fc", {}}, {"dropout", "drop", {}}});
  Document other = d;
  other.nodes[2].name = "renamed";
  EXPECT_EQ(lowerGraph(d).program.ops[1].id, lowerGraph(other).program.ops[1].id);
  EXPECT_NE(lowerGraph(d).program.ops[0].id, lowerGraph(d).program.ops[1].id);
}

TEST(LowerGraph, AcceptsCeilModeAsPyTorchRounds) {
  EXPECT_EQ(outputShape(chain({1, 5, 5}, {{"max_pool2d", "p", {{"ceil_mode", true}}}}), 2), "(N, 1, 3, 3)");
  EXPECT_EQ(outputShape(chain({1, 5, 5}, {{"max_pool2d", "p", {}}}), 2), "(N, 1, 2, 2)");
}

TEST(Search, FindsLayersByManyNames) {
  for (const auto& [words, id] : std::vector<std::pair<std::string, std::string>>{{"conv2d", "conv2d"},
                                                                                  {"nn.Conv2d", "conv2d"},
                                                                                  {"Convolution", "conv2d"},
                                                                                  {"dense", "linear"},
                                                                                  {"bn", "batch_norm2d"},
                                                                                  {"residual", "add"},
                                                                                  {"pool", "max_pool2d"},
                                                                                  {"relu", "relu"},
                                                                                  {"drop", "dropout"}})
    EXPECT_EQ(searchLayers(words).front()->id, id) << words;
  EXPECT_TRUE(searchLayers("zzzz").empty());
}

}  // namespace
}  // namespace netwright::layers
