// SPDX-License-Identifier: Apache-2.0
#include "core/project/fix_edit.h"

#include <gtest/gtest.h>

#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"

namespace netwright::project {
namespace {

using graph::Document;

// input (1, 28, 28) -> linear -> output
struct Chain {
  Document document;
  NodeId input = add("input", {0, 0}), linear = add("linear", {270, 0}), output = add("output", {540, 0});
  Chain() {
    graph::apply(document, graph::connect(document, {{input, "y"}, {linear, "x"}}));
    graph::apply(document, graph::connect(document, {{linear, "y"}, {output, "x"}}));
  }
  NodeId add(const char* kind, graph::Point at) {
    document.nodes.push_back(layers::newNode(*layers::findLayer(kind), document, at));
    return document.nodes.back().id;
  }
};

TEST(FixEdit, SetParam_ChangesTheParameterAndIsNamedByTheButton) {
  Chain c;
  const auto edit = fixEdit(c.document, {"Let fc1 take 28", {SetParamStep{c.linear, "in_features", int64_t{28}}}});
  EXPECT_EQ(edit.name, "Let fc1 take 28");
  graph::apply(c.document, edit);
  EXPECT_EQ(c.document.find(c.linear)->params.at("in_features"), Attribute(int64_t{28}));
}

TEST(FixEdit, InsertLayer_JoinsTheWireAndMakesRoom) {
  Chain c;
  const Document before = c.document;
  const auto applied = graph::apply(
      c.document,
      fixEdit(c.document, {"Add Flatten", {InsertLayerStep{"flatten", {{"start_dim", int64_t{2}}}, {c.linear, "x"}}}}));
  ASSERT_EQ(c.document.nodes.size(), 4u);
  const graph::Node& flatten = c.document.nodes[1];  // before the layer that it feeds: the order of modules
  EXPECT_EQ(flatten.kind, "flatten");
  EXPECT_EQ(flatten.params.at("start_dim"), Attribute(int64_t{2}));
  EXPECT_EQ(flatten.params.at("end_dim"), Attribute(int64_t{-1}));
  EXPECT_EQ(c.document.wireInto({flatten.id, "x"})->from, (PortRef{c.input, "y"}));
  EXPECT_EQ(c.document.wireInto({c.linear, "x"})->from, (PortRef{flatten.id, "y"}));
  EXPECT_EQ(flatten.position, (graph::Point{270, 0}));
  EXPECT_EQ(c.document.find(c.linear)->position, (graph::Point{540, 0}));
  EXPECT_EQ(c.document.find(c.output)->position, (graph::Point{810, 0}));
  graph::apply(c.document, applied.inverse);
  EXPECT_EQ(c.document, before);
}

TEST(FixEdit, InsertLayer_UsesTheGapWhereThereIsOne) {
  Chain c;
  graph::apply(c.document, {"", {graph::Move{c.linear, {540, 0}}}});
  graph::apply(c.document, fixEdit(c.document, {"", {InsertLayerStep{"flatten", {}, {c.linear, "x"}}}}));
  EXPECT_EQ(c.document.nodes[1].position, (graph::Point{270, 0}));
  EXPECT_EQ(c.document.find(c.linear)->position, (graph::Point{540, 0}));
}

TEST(FixEdit, Disconnect_RemovesTheWire) {
  Chain c;
  graph::apply(c.document, fixEdit(c.document, {"Remove the wire", {DisconnectStep{{c.output, "x"}}}}));
  EXPECT_EQ(c.document.wires.size(), 1u);
}

TEST(FixEdit, StepsThatNoLongerFitAreLeftOut) {
  Chain c;
  const Fix stale{
      "Old",
      {SetParamStep{{99}, "bias", false}, DisconnectStep{{{99}, "x"}}, InsertLayerStep{"flatten", {}, {c.input, "x"}}}};
  EXPECT_TRUE(fixEdit(c.document, stale).empty());
}

TEST(FixEdit, EveryFixOfAPinnedMismatchRepairsIt) {
  Chain c;
  graph::apply(c.document, graph::setParam(c.document, c.linear, "in_features", int64_t{784}));
  const auto lowered = layers::lowerGraph(c.document);
  ASSERT_TRUE(hasErrors(lowered.diagnostics));
  ASSERT_FALSE(lowered.diagnostics.front().fixes.empty());
  Document repaired = c.document;
  graph::apply(repaired, fixEdit(repaired, lowered.diagnostics.front().fixes.front()));
  EXPECT_TRUE(layers::lowerGraph(repaired).ok());
}

}  // namespace
}  // namespace netwright::project
