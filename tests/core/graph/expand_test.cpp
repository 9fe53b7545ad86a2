// SPDX-License-Identifier: Apache-2.0
#include "core/graph/expand.h"

#include <gtest/gtest.h>

#include "core/graph/flat_size.h"
#include "tests/core/graph/block_documents.h"

namespace netwright::graph {
namespace {

std::vector<std::string> names(const Document& document) {
  std::vector<std::string> all;
  for (const Node& n : document.nodes) all.push_back(n.name);
  return all;
}

const Node& named(const Expanded& expanded, const std::string& name) {
  const Node* node = expanded.flat.findByName(name);
  if (!node) throw std::runtime_error("no node " + name);
  return *node;
}

TEST(Expand, ADocumentWithoutBlocksStaysAsItIs) {
  Document d;
  d.nodes = {node(1, "input", "x"), node(2, "relu", "relu1")};
  d.wires = {{{{1}, "y"}, {{2}, "x"}}};
  EXPECT_TRUE(isFlat(d));
  EXPECT_EQ(expand(d).flat, d);
}

TEST(Expand, PutsTheNodesOfABlockInThePlaceOfItsInstance) {
  const Document d = twoLayers();
  const Expanded e = expand(d);
  EXPECT_EQ(names(e.flat),
            (std::vector<std::string>{"x", "a.x", "a.fc", "a.act", "a.y", "b.x", "b.fc", "b.act", "b.y", "out"}));
  EXPECT_TRUE(e.problems.empty());
  EXPECT_EQ(inputsOf(e.flat, "a.fc"), "x.y");
  EXPECT_EQ(inputsOf(e.flat, "b.fc"), "a.act.y");
  EXPECT_EQ(inputsOf(e.flat, "out"), "b.act.y");
}

TEST(Expand, NumbersInsideAreDerivedFromThePathAndStayWhenOthersCome) {
  Document d = twoLayers();
  const NodeId before = named(expand(d), "b.fc").id;
  EXPECT_EQ(before, derivedId({{3}, {1}}, {0}));
  d.nodes.insert(d.nodes.begin() + 1, instance(9, "c", 1));
  const Expanded e = expand(d);
  EXPECT_EQ(named(e, "b.fc").id, before);
  EXPECT_EQ(e.path(before), (NodePath{{3}, {1}}));
  EXPECT_EQ(e.copyOf(before).body, BlockId{1});
}

TEST(Expand, FormulasSeeTheParametersOfTheInstanceAndVariables) {
  Document d = twoLayers();
  d.variables = {{"hidden", int64_t{8}, ""}, {"width", Formula{"hidden * 2"}, ""}};
  d.blocks[0].params = {intParam("channels", 4)};
  d.blocks[0].body.nodes[1].params["out_features"] = Formula{"channels * 4"};
  d.nodes[1].params["channels"] = Formula{"width + 1"};
  const Expanded e = expand(d);
  EXPECT_TRUE(e.problems.empty());
  EXPECT_EQ(named(e, "a.fc").params.at("out_features"), Attribute(int64_t{68}));
  EXPECT_EQ(named(e, "b.fc").params.at("out_features"), Attribute(int64_t{16}));
  EXPECT_EQ(e.namesAt(named(e, "a.fc").id).at("channels"), Attribute(int64_t{17}));
}

TEST(Expand, VariablesOfABlockAreOverItsParameters) {
  Document d = twoLayers();
  d.blocks[0].params = {intParam("channels", 4)};
  d.blocks[0].body.variables = {{"inner", Formula{"channels // 2"}, ""}};
  d.blocks[0].body.nodes[1].params["out_features"] = Formula{"inner"};
  EXPECT_EQ(named(expand(d), "a.fc").params.at("out_features"), Attribute(int64_t{2}));
}

TEST(Expand, ARepeatedInstanceIsAChain) {
  Document d = twoLayers();
  d.blocks[0].params = {intParam("channels", 4)};
  d.blocks[0].body.nodes[1].params["out_features"] = Formula{"channels"};
  d.nodes[1].params[kRepeat] = Formula{"1 + 2"};
  d.nodes[1].params["channels"] = Formula{"8 * (index + 1) + repeat"};
  const Expanded e = expand(d);
  EXPECT_EQ(inputsOf(e.flat, "a.0.fc"), "x.y");
  EXPECT_EQ(inputsOf(e.flat, "a.1.fc"), "a.0.act.y");
  EXPECT_EQ(inputsOf(e.flat, "b.fc"), "a.2.act.y");
  EXPECT_EQ(named(e, "a.2.fc").params.at("out_features"), Attribute(int64_t{27}));
  EXPECT_EQ(e.copyOf(named(e, "a.1.fc").id).repetitions, (std::vector<int64_t>{1}));
}

TEST(Expand, ANumberAtTheEndOfANameIsWhereCopiesCountFrom) {
  Document d = twoLayers();
  d.nodes[1].name = "layer1.2";
  d.nodes[1].params[kRepeat] = int64_t{2};
  const Expanded e = expand(d);
  EXPECT_TRUE(e.flat.findByName("layer1.2.fc"));
  EXPECT_TRUE(e.flat.findByName("layer1.3.fc"));
}

TEST(Expand, KnowsTheNamesOfWhatANodeStandsForInEveryCopy) {
  using Names = std::vector<std::string>;
  Document d = twoLayers();
  d.nodes[1].params[kRepeat] = int64_t{2};
  const Expanded e = expand(d);
  EXPECT_EQ(e.prefixes(d, {}, {1}), Names{"x."});
  EXPECT_EQ(e.prefixes(d, {}, d.nodes[1].id), (Names{"a.0.", "a.1."}));
  EXPECT_EQ(e.prefixes(d, {}, d.nodes[2].id), Names{"b."});
  const Document& body = d.blocks.front().body;
  EXPECT_EQ(e.prefixes(d, d.blocks.front().id, body.findByName("fc")->id), (Names{"a.0.fc.", "a.1.fc.", "b.fc."}));
  EXPECT_EQ(e.prefixes(d, {}, {99}), Names{});
  const Document deep = nested();
  const Expanded f = expand(deep);
  const Block& outer = *deep.findBlock(deep.nodes[1].bodies.front());
  EXPECT_EQ(f.prefixes(deep, outer.id, outer.body.findByName("second")->id),
            (Names{"outer1.second.", "outer2.second."}));
}

TEST(Expand, TheSizeIsKnownBefore) {
  Document d = twoLayers();
  EXPECT_EQ(flatSize(d), static_cast<int64_t>(expand(d).flat.nodes.size()) + 2) << "instances count too";
  d.nodes[1].params[kRepeat] = int64_t{1'000'000};
  EXPECT_LE(flatSize(d), kMostNodes);
  Document circle = nested();
  for (Block& b : circle.blocks) b.body.nodes.push_back(instance(77, "again", 2));
  EXPECT_LT(flatSize(circle), 100);
}

TEST(Expand, BlocksNest) {
  Document d = nested();
  d.nodes[1].mode = Mode::Eval;
  const Expanded e = expand(d);
  EXPECT_EQ(inputsOf(e.flat, "outer1.second.fc"), "outer1.first.act.y");
  EXPECT_EQ(inputsOf(e.flat, "outer2.first.fc"), "outer1.second.act.y");
  EXPECT_EQ(named(e, "outer1.second.fc").mode, Mode::Eval);
  EXPECT_EQ(named(e, "outer2.second.fc").mode, Mode::Follow);
  const Instance& inner = e.instances.at(derivedId({{2}, {5}}, {0}));
  EXPECT_EQ(inner.name, "outer1.second");
  EXPECT_EQ(inner.end - inner.first, 4u);
}

TEST(Expand, SharedWeightsAreThoseOfTheOtherInstance) {
  Document d = nested();
  d.nodes[2].shared["*"] = {{{2}}, ""};
  const Expanded e = expand(d);
  EXPECT_EQ(named(e, "outer2.second.fc").shared.at("*").owner, NodePath{named(e, "outer1.second.fc").id});
  EXPECT_TRUE(named(e, "outer1.second.fc").shared.empty());
}

TEST(Expand, AReferenceToAWeightInsideAnInstanceIsFollowed) {
  Document d = twoLayers();
  d.nodes.push_back(node(9, "linear", "tied"));
  d.nodes.back().shared["weight"] = {{{2}, {1}}, "weight"};
  const Expanded e = expand(d);
  EXPECT_EQ(named(e, "tied").shared.at("weight").owner, NodePath{named(e, "a.fc").id});
}

TEST(Expand, AnOptionalPortWithoutAWireTakesTheWiresBehindItAway) {
  Document d = twoLayers();
  d.blocks[0].body.nodes.push_back(node(8, kBlockInput, "mask"));
  d.blocks[0].body.nodes.back().params["optional"] = true;
  d.blocks[0].body.wires.push_back({{{8}, "y"}, {{1}, "mask"}});
  EXPECT_FALSE(expand(d).flat.wireInto({derivedId({{2}, {1}}, {0}), "mask"}));
}

std::vector<std::string> codes(const Document& document) {
  std::vector<std::string> all;
  for (const Problem& p : expand(document).problems) all.push_back(p.code);
  return all;
}

TEST(Expand, SaysWhatIsWrong) {
  {
    Document d = nested();
    d.blocks[0].body.nodes.push_back(instance(20, "again", 2));
    const Expanded e = expand(d);
    ASSERT_FALSE(e.problems.empty());
    EXPECT_EQ(e.problems[0].code, "NW-G012");
    EXPECT_EQ(e.problems[0].args.at("circle"), "Pair → Layer → Pair");
  }
  Document d = twoLayers();
  d.nodes[1].params["channels"] = Formula{"hiden"};
  d.blocks[0].params = {intParam("channels", 4)};
  d.variables = {{"hidden", int64_t{4}, ""}};
  ASSERT_EQ(codes(d), std::vector<std::string>{"NW-F001"});
  EXPECT_EQ(expand(d).problems[0].args.at("problem"), "unknown name 'hiden'; did you mean 'hidden'?");
  d.variables = {{"a", Formula{"1 // 0"}, ""}};
  d.nodes[1].params["channels"] = Formula{"a + 1"};
  ASSERT_EQ(codes(d), (std::vector<std::string>{"NW-F002", "NW-F001"}));
  EXPECT_EQ(expand(d).problems[1].args.at("problem"), "the variable 'a' has a mistake");
  d.variables = {{"a", Formula{"b"}, ""}, {"b", Formula{"a"}, ""}};
  d.nodes[1].params["channels"] = int64_t{1};
  EXPECT_EQ(codes(d), (std::vector<std::string>{"NW-F002", "NW-F002"}));
  d = twoLayers();
  d.nodes[1].bodies = {{77}};
  EXPECT_EQ(codes(d), std::vector<std::string>{"NW-G011"});
  d = twoLayers();
  d.nodes[1].shared["*"] = {{{1}}, ""};
  EXPECT_EQ(codes(d), std::vector<std::string>{"NW-G013"});
  d = twoLayers();
  d.blocks[0].body.nodes[0].name = "renamed";
  EXPECT_EQ(codes(d), (std::vector<std::string>{"NW-G016", "NW-G016"}));
  d = twoLayers();
  d.blocks[0].body.nodes.back().name = "renamed";
  EXPECT_EQ(codes(d), (std::vector<std::string>{"NW-G016", "NW-G016"}));
  d = twoLayers();
  d.nodes[1].params[kRepeat] = int64_t{0};
  EXPECT_EQ(codes(d), std::vector<std::string>{"NW-P001"});
  d.nodes[1].params[kRepeat] = int64_t{1} << 62;
  EXPECT_EQ(codes(d), std::vector<std::string>{"NW-P001"});
}

// Blocks that each hold two of the next: 2^60 nodes if nothing stopped it.
// a -> b -> c, with d = f(b, a) behind them.
TEST(Expand, BypassedNodesAreWires) {
  Document d;
  const auto add = [&](int64_t id, const char* kind) {
    Node n;
    n.id = {id};
    n.kind = kind;
    n.name = "n" + std::to_string(id);
    d.nodes.push_back(n);
  };
  for (int64_t i = 1; i <= 4; ++i) add(i, "relu");
  d.wires = {{{{1}, "y"}, {{2}, "x"}}, {{{2}, "y"}, {{3}, "x"}}, {{{2}, "y"}, {{4}, "b"}}, {{{1}, "y"}, {{4}, "a"}}};
  d.nodes[1].bypassed = true;
  const Expanded e = expand(d);
  EXPECT_EQ(e.flat.nodes.size(), 3u);
  EXPECT_EQ(e.flat.wires,
            (std::vector<Wire>{{{{1}, "y"}, {{3}, "x"}}, {{{1}, "y"}, {{4}, "a"}}, {{{1}, "y"}, {{4}, "b"}}}));
  d.nodes[0].bypassed = true;  // nothing enters it, so nothing leaves
  EXPECT_TRUE(expand(d).flat.wires.empty());
  d.wires.push_back({{{2}, "y"}, {{1}, "x"}});  // two in a circle
  EXPECT_TRUE(expand(d).flat.wires.empty());
}

TEST(Expand, EndsWhereBlocksWouldGrowWithoutBound) {
  Document d;
  for (int64_t i = 1; i <= 60; ++i) {
    Block b;
    b.id = {i};
    b.name = "B" + std::to_string(i);
    if (i < 60) b.body.nodes = {instance(1, "p", i + 1), instance(2, "q", i + 1)};
    d.blocks.push_back(b);
  }
  d.nodes = {instance(1, "top", 1)};
  EXPECT_EQ(codes(d), std::vector<std::string>{"NW-G014"});
}

TEST(Expand, EndsWhereBlocksNestTooDeeply) {
  Document d;
  for (int64_t i = 1; i <= 5000; ++i) {
    Block b;
    b.id = {i};
    b.name = "B" + std::to_string(i);
    b.body.nodes = {instance(1, "p", i + 1)};
    d.blocks.push_back(b);
  }
  d.nodes = {instance(1, "top", 1)};
  EXPECT_EQ(codes(d), std::vector<std::string>{"NW-G015"});
}

}  // namespace
}  // namespace netwright::graph
