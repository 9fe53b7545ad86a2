// SPDX-License-Identifier: Apache-2.0
#include "core/graph/blocks.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/graph/expand.h"
#include "core/graph/formula.h"
#include "core/graph/graph_json.h"
#include "tests/core/graph/block_documents.h"

namespace netwright::graph {
namespace {

Document after(Document d, const Edit& edit) {
  const Document before = d;
  const Applied applied = apply(d, edit);
  Document back = d;
  apply(back, applied.inverse);
  EXPECT_EQ(back, before) << edit.name;
  return d;
}

std::string refusal(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.title + " " + e.next;
  }
  return "";
}

// What a document computes, ports and numbers aside: each node with everything it is and where its inputs come from.
std::set<std::string> meaning(const Document& document, bool names = true) {
  const Expanded e = expand(document);
  std::set<std::string> all;
  const auto line = [&](const Node& n) {
    std::string text = (names ? n.name : n.name.substr(n.name.rfind('.') + 1)) + " " + n.kind + " " + n.unknown + " " +
                       std::to_string(static_cast<int>(n.mode)) + (n.bypassed ? "b" : "");
    for (const auto& [param, value] : n.params) text += " " + param + "=" + toText(value);
    for (const auto& [slot, id] : n.shared)
      if (const Node* owner = e.flat.find(id.owner.back()))
        text += " " + slot + "->" + (names ? owner->name : owner->name.substr(owner->name.rfind('.') + 1));
    for (const Wire& w : e.flat.wires)
      if (w.to.node == n.id) {
        std::string source = sourceOf(e.flat, w.from);
        if (!names) {
          const size_t port = source.rfind('.'), dot = source.rfind('.', port - 1);
          source.erase(0, dot == std::string::npos ? 0 : dot + 1);
        }
        text += " " + w.to.port + "<-" + source;
      }
    return text;
  };
  for (const Node& n : e.flat.nodes)
    if (n.kind != kBlockInput && n.kind != kBlockOutput) all.insert(line(n));
  return all;
}

TEST(Blocks, PackPutsAnInstanceInThePlaceOfASelection) {
  Document d;
  d.nodes = {node(1, "input", "image"), node(2, "conv2d", "conv1"), node(3, "relu", "relu1"), node(4, "add", "add1"),
             node(5, "output", "out")};
  d.wires = {{{{1}, "y"}, {{2}, "x"}},
             {{{2}, "y"}, {{3}, "x"}},
             {{{3}, "y"}, {{4}, "a"}},
             {{{1}, "y"}, {{4}, "b"}},
             {{{4}, "y"}, {{5}, "x"}}};
  const Packed packed = pack(d, {}, {{2}, {3}, {4}}, {}, "Residual Unit");
  const Document p = after(d, packed.edit);
  ASSERT_EQ(p.nodes.size(), 3u);
  EXPECT_EQ(p.nodes[1].name, "residual_unit1");
  EXPECT_EQ(p.nodes[1].kind, kInstance);
  const Block& block = p.blocks.front();
  EXPECT_EQ(portNames(block.body, kBlockInput), std::vector<std::string>{"x"}) << "one value, one port";
  EXPECT_EQ(portNames(block.body, kBlockOutput), std::vector<std::string>{"y"});
  EXPECT_EQ(meaning(p, false), meaning(d, false));
}

TEST(Blocks, NamesWithACommonBeginningKeepTheirWeights) {
  Document d;
  d.nodes = {node(1, "input", "x"), node(2, "linear", "layer1.0.fc"), node(3, "relu", "layer1.0.act"),
             node(5, "output", "out")};
  d.wires = {{{{1}, "y"}, {{2}, "x"}}, {{{2}, "y"}, {{3}, "x"}}, {{{3}, "y"}, {{5}, "x"}}};
  const Document p = after(d, pack(d, {}, {{2}, {3}}, {}, "Layer").edit);
  EXPECT_EQ(p.nodes[1].name, "layer1.0");
  EXPECT_EQ(meaning(p), meaning(d));
  EXPECT_EQ(meaning(after(p, unpack(p, {}, p.nodes[1].id))), meaning(d));
}

TEST(Blocks, PackRefusesWhatCannotBeABlock) {
  Document d;
  d.nodes = {node(1, "input", "x"), node(2, "relu", "a"), node(3, "relu", "b"), node(4, "add", "c"),
             node(5, "linear", "d")};
  d.wires = {{{{1}, "y"}, {{2}, "x"}}, {{{2}, "y"}, {{3}, "x"}}, {{{3}, "y"}, {{4}, "a"}}, {{{2}, "y"}, {{4}, "b"}}};
  d.nodes[4].shared["weight"] = {{{2}}, "weight"};
  EXPECT_EQ(refusal([&] { pack(d, {}, {{1}, {2}}, {}, "B"); }),
            "'x' is where the network begins or ends and cannot be part of a block. Leave it out of the selection.");
  EXPECT_EQ(refusal([&] { pack(d, {}, {{2}, {4}}, {}, "B"); }),
            "'b' lies between the selected nodes: it takes a value from them and gives one back. Select 'b' too.");
  EXPECT_EQ(refusal([&] { pack(d, {}, {{5}}, {}, "B"); }),
            "'d' uses the weights of 'a', which is not selected. Select 'a' too.");
  EXPECT_EQ(refusal([&] { pack(d, {}, {}, {}, "B"); }),
            "Nothing is selected to make a block of. Select some nodes first.");
}

TEST(Blocks, UnpackPutsValuesAndFormulasOfTheInstanceIn) {
  Document d = twoLayers();
  d.variables = {{"hidden", int64_t{8}, ""}};
  d.blocks[0].params = {intParam("channels", 4), textParam("act", "relu")};
  auto& params = d.blocks[0].body.nodes[1].params;
  params = {{"out", Formula{"channels * 4"}}, {"kind", Formula{"act"}}, {"own", Formula{"hidden + 1"}}};
  d.nodes[1].params["channels"] = int64_t{3};
  d.nodes[2].params["channels"] = Formula{"hidden // 2"};
  const Document a = after(d, unpack(d, {}, {2})), b = after(a, unpack(a, {}, {3}));
  EXPECT_EQ(b.findByName("a.fc")->params.at("out"), Attribute(int64_t{12}));
  EXPECT_EQ(b.findByName("a.fc")->params.at("own"), Attribute(Formula{"hidden + 1"}));
  EXPECT_EQ(b.findByName("b.fc")->params.at("out"), Attribute(Formula{"(hidden // 2) * 4"}));
  EXPECT_EQ(b.findByName("b.fc")->params.at("kind"), Attribute(std::string("relu")));
  EXPECT_EQ(meaning(b), meaning(d));
}

TEST(Blocks, UnpackRefusesCopiesAndSharedWeights) {
  Document d = twoLayers();
  d.nodes[2].shared["*"] = {{{2}}, ""};
  EXPECT_EQ(refusal([&] { unpack(d, {}, {3}); }),
            "'b' uses the weights of another instance. Give it its own weights first.");
  d.nodes[1].params[kRepeat] = int64_t{3};
  EXPECT_EQ(refusal([&] { unpack(d, {}, {2}); }), "'a' is repeated. Set repeat to 1 first.");
}

TEST(Blocks, ASharedWeightIsFollowedInAndOutOfABlock) {
  Document d;
  d.nodes = {node(1, "input", "x"), node(2, "linear", "l.fc"), node(3, "relu", "l.act"), node(4, "linear", "tied")};
  d.wires = {{{{1}, "y"}, {{2}, "x"}}, {{{2}, "y"}, {{3}, "x"}}, {{{3}, "y"}, {{4}, "x"}}};
  d.nodes[3].shared["weight"] = {{{2}}, "weight"};
  const Document p = after(d, pack(d, {}, {{2}, {3}}, {}, "L").edit);
  EXPECT_EQ(meaning(p), meaning(d));
  EXPECT_EQ(meaning(after(p, unpack(p, {}, p.findByName("l")->id))), meaning(d));
}

TEST(Blocks, RenamingAPortRenamesItAtEveryUse) {
  Document d = nested();
  const Document r = after(d, rename(d, {1}, {3}, "features"));
  EXPECT_EQ(meaning(r), meaning(d));
  EXPECT_TRUE(r.blocks[1].body.wireInto({{4}, "features"}));
  const Document o = after(r, rename(r, {2}, {9}, "result"));
  EXPECT_EQ(meaning(o), meaning(d));
  EXPECT_TRUE(expand(o).problems.empty());
}

TEST(Blocks, ReorderingPortsKeepsWiresAndRemovingOneIsSaid) {
  Document d = twoLayers();
  const Document r = after(d, {"Reorder", {Step(Reorder{{3}, 3}, {1})}});
  EXPECT_EQ(meaning(r), meaning(d));
  Edit remove = removeNodes(d.blocks[0].body, {{3}}, false);
  const Document gone = after(d, std::move(remove).in({1}));
  const auto problems = expand(gone).problems;
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0].code, "NW-G016");
  EXPECT_EQ(gone.wires, d.wires) << "wires stay until someone decides";
}

TEST(Blocks, RenamingAParameterRenamesItInFormulasAndAtInstances) {
  Document d = twoLayers();
  d.blocks[0].params = {intParam("channels", 4)};
  d.blocks[0].body.nodes[1].params["out_features"] = Formula{"channels * 2 + max(channels, 1)"};
  d.nodes[1].params["channels"] = int64_t{5};
  const Document r = after(d, renameParam(d, {1}, "channels", "width"));
  EXPECT_EQ(meaning(r), meaning(d));
  EXPECT_EQ(r.nodes[1].params.at("width"), Attribute(int64_t{5}));
  EXPECT_EQ(r.blocks[0].body.nodes[1].params.at("out_features"), Attribute(Formula{"width * 2 + max(width, 1)"}));
}

TEST(Blocks, RenamingAVariableReachesBlocksThatSeeIt) {
  Document d = twoLayers();
  d.variables = {{"hidden", int64_t{4}, ""}, {"twice", Formula{"hidden * 2"}, ""}};
  d.blocks[0].body.nodes[1].params["out_features"] = Formula{"twice + hidden"};
  const Document r = after(d, renameVariable(d, {}, "hidden", "width"));
  EXPECT_EQ(meaning(r), meaning(d));
  EXPECT_EQ(refusal([&] { renameVariable(d, {}, "hidden", "twice"); }), "There is a variable 'twice' already. ");
}

TEST(Blocks, RenamingAVariableReachesIntoCodeThatDoesNotSetTheName) {
  Document d;
  d.variables = {{"rate", 0.5, ""}};
  const auto code = [&](int64_t id, const char* text) {
    Node n;
    n.id = {id};
    n.kind = "expression";
    n.name = "e" + std::to_string(id);
    n.params[kCode] = std::string(text);
    d.nodes.push_back(n);
  };
  code(1, "h = x * rate + f(rate=2, other=rate)\ny = h.rate + rate");
  code(2, "rate = 3\ny = x * rate");
  code(3, "for rate in range(3):\n    y = x * rate");
  code(4, "a, rate = x.chunk(2)\ny = a * rate");
  code(5, "y = x * (rate == 1) + \"rate\"");
  const Document r = after(d, renameVariable(d, {}, "rate", "speed"));
  EXPECT_EQ(r.nodes[0].params.at(kCode),
            Attribute(std::string("h = x * speed + f(rate=2, other=speed)\ny = h.rate + speed")));
  for (const size_t own : {1, 2, 3}) EXPECT_EQ(r.nodes[own].params, d.nodes[own].params);
  EXPECT_EQ(r.nodes[4].params.at(kCode), Attribute(std::string("y = x * (speed == 1) + \"rate\"")));
}

TEST(Blocks, MakeUniqueGivesAnInstanceACopy) {
  const Document d = twoLayers();
  const Document u = after(d, makeUnique(d, {}, {3}));
  ASSERT_EQ(u.blocks.size(), 2u);
  EXPECT_EQ(u.blocks[1].name, "Layer 2");
  EXPECT_EQ(u.findByName("b")->bodies, std::vector<BlockId>{u.blocks[1].id});
  EXPECT_EQ(meaning(u), meaning(d));
}

TEST(Blocks, WeightsAreSharedAndGivenBack) {
  const Document d = twoLayers();
  const Document s = after(d, shareWeights(d, {}, {3}, {2}));
  EXPECT_TRUE(expand(s).problems.empty());
  EXPECT_EQ(expand(s).flat.findByName("b.fc")->shared.at("*").owner, NodePath{expand(s).flat.findByName("a.fc")->id});
  EXPECT_EQ(refusal([&] { shareWeights(s, {}, {2}, {3}); }), "'b' uses the weights of 'a' already. ");
  EXPECT_EQ(refusal([&] { shareWeights(d, {}, {2}, {1}); }),
            "'a' and 'x' are not two instances of one block. Only such have the same weights.");
  EXPECT_EQ(after(s, shareWeights(s, {}, {3}, {})), d);
}

TEST(Blocks, DefinitionsFromElsewhereAreReusedOrComeUnderAFreeName) {
  const Document d = nested();
  Document other;
  std::map<BlockId, BlockId> numbers;
  other = after(other, addBlocks(other, blocksOf(d, d.nodes), numbers));
  EXPECT_EQ(other.blocks, d.blocks);
  numbers.clear();
  EXPECT_TRUE(addBlocks(other, blocksOf(d, d.nodes), numbers).empty());
  other.blocks[0].doc = "changed here";
  numbers.clear();
  const Document both = after(other, addBlocks(other, blocksOf(d, d.nodes), numbers));
  ASSERT_EQ(both.blocks.size(), 4u);
  EXPECT_EQ(both.blocks[2].name, "Layer 2");
  EXPECT_EQ(both.blocks[3].name, "Pair 2");
  EXPECT_EQ(both.blocks[3].body.findByName("first")->bodies, std::vector<BlockId>{both.blocks[2].id});
}

TEST(Blocks, ADefinitionInUseCannotBeRemoved) {
  Document d = nested();
  EXPECT_EQ(refusal([&] { apply(d, {"", {RemoveBlock{{1}}}}); }),
            "'Layer' is still used by 'Pair.first'; remove that first. ");
  d.nodes.erase(d.nodes.begin() + 1, d.nodes.begin() + 3);
  d.wires.clear();
  const Document r = after(d, {"", {RemoveBlock{{2}}, RemoveBlock{{1}}}});
  EXPECT_TRUE(r.blocks.empty());
}

TEST(Blocks, SurviveTheFile) {
  Document d = nested();
  d.variables = {{"hidden", int64_t{4}, ""}, {"act", std::string("gelu"), R"({"later":1})"}};
  d.blocks[0].params = {intParam("channels", 4).min(1).withDoc("How many."), choiceParam("act", {"relu", "gelu"})};
  d.blocks[0].doc = "A layer.";
  d.blocks[0].unknown = R"({"colour":"red"})";
  d.nodes[1].params["channels"] = Formula{"hidden * 2"};
  d.nodes[2].shared["*"] = {{{2}}, ""};
  EXPECT_EQ(fromJson(toJson(d), "test"), d);
}

TEST(Formulas, NamesAreReplacedWhereTheyAreNames) {
  const auto other = [](const std::string& name) {
    return name == "a" ? std::optional<std::string>("(b)") : std::nullopt;
  };
  EXPECT_EQ(replacedNames("a * a2 + x.a - f(a=1, a) + 'a' if a == 1 else \"it\\\"a\"", other),
            "(b) * a2 + x.a - f(a=1, (b)) + 'a' if (b) == 1 else \"it\\\"a\"");
}

TEST(Formulas, WhatAPersonTypesIsAValueAWordOrAFormula) {
  const Attributes names{{"hidden", int64_t{4}}};
  EXPECT_EQ(valueFromSource(" 256 ", names), Attribute(int64_t{256}));
  EXPECT_EQ(valueFromSource("0.5", names), Attribute(0.5));
  EXPECT_EQ(valueFromSource("\"gelu\"", names), Attribute(std::string("gelu")));
  EXPECT_EQ(valueFromSource("gelu", names), Attribute(std::string("gelu")));
  EXPECT_EQ(valueFromSource("true", names), Attribute(true));
  EXPECT_EQ(valueFromSource("(3, 3)", names), Attribute(std::vector<int64_t>{3, 3}));
  EXPECT_EQ(valueFromSource("hidden", names), Attribute(Formula{"hidden"}));
  EXPECT_EQ(valueFromSource("= hidden * 2", names), Attribute(Formula{"hidden * 2"}));
  EXPECT_EQ(valueFromSource("hidden *", names), Attribute(Formula{"hidden *"}))
      << "kept: its error is said at the field";
  for (const Attribute& v : {Attribute(None{}), Attribute(true), Attribute(int64_t{-3}), Attribute(0.25),
                             Attribute(std::string("say \"hi\"\\")), Attribute(std::vector<int64_t>{1, 2}),
                             Attribute(Formula{"hidden + 1"})})
    EXPECT_EQ(valueFromSource(sourceText(v), names), v) << sourceText(v);
}

// A random network with frames, modes, formulas, shared weights and layers that nobody knows.
Document randomDocument(std::mt19937& random) {
  const auto upTo = [&](int n) { return static_cast<int64_t>(random() % static_cast<unsigned>(n)); };
  Document d;
  d.variables = {{"v", int64_t{3}, ""}};
  d.nodes.push_back(node(1, "input", "x"));
  const int64_t count = 4 + upTo(8);
  for (int64_t i = 2; i < 2 + count; ++i) {
    Node n = node(i, upTo(4) == 0 ? "from_the_future" : upTo(5) == 0 ? "reroute" : "linear", "n" + std::to_string(i));
    if (n.kind == "from_the_future") n.unknown = R"({"deep":{"a":[1,2]}})";
    n.params["size"] = upTo(2) ? Attribute(Formula{"v * " + std::to_string(upTo(5))}) : Attribute(upTo(9));
    n.mode = static_cast<Mode>(upTo(3));
    n.bypassed = upTo(6) == 0;
    n.position = {100.0 * static_cast<double>(i), 10.0 * static_cast<double>(upTo(9))};
    for (int64_t k = 0; k <= upTo(2); ++k)
      d.wires.push_back({{{1 + upTo(static_cast<int>(i) - 1)}, "y"}, {{i}, k == 0 ? "a" : "b"}});
    d.nodes.push_back(n);
  }
  d.annotations.push_back({1, Annotation::Kind::Frame, "Frame", "blue", {0, 0}, {900, 300}, R"({"later":true})"});
  d.nodes.push_back(node(2 + count, "output", "out"));
  d.wires.push_back({{{1 + count}, "y"}, {{2 + count}, "x"}});
  std::sort(d.wires.begin(), d.wires.end(),
            [](const Wire& a, const Wire& b) { return std::tie(a.to, a.from) < std::tie(b.to, b.from); });
  return d;
}

TEST(Blocks, PackingAndUnpackingKeepsWhatANetworkIs) {
  std::mt19937 random(7);
  int packed = 0, twice = 0;
  for (int round = 0; round < 400; ++round) {
    const Document d = randomDocument(random);
    std::vector<NodeId> chosen;
    for (const Node& n : d.nodes)
      if (n.kind != "input" && n.kind != "output" && random() % 2) chosen.push_back(n.id);
    if (refusal([&] { pack(d, {}, chosen, {1}, "Part"); }) != "") continue;
    ++packed;
    const Packed first = pack(d, {}, chosen, {1}, "Part");
    const Document p = after(d, first.edit);
    ASSERT_EQ(meaning(p, false), meaning(d, false)) << "round " << round;
    ASSERT_EQ(p.findBlock(first.block)->body.annotations, d.annotations);
    ASSERT_EQ(fromJson(toJson(p), "test"), p);
    // pack(unpack(b)) is b, name for name.
    const Document u = after(p, unpack(p, {}, first.instance));
    ASSERT_EQ(meaning(u), meaning(p)) << "round " << round;
    ASSERT_EQ(u.annotations, d.annotations);
    std::vector<NodeId> again;
    const std::string prefix = p.find(first.instance)->name + ".";
    for (const Node& n : u.nodes)
      if (n.name.rfind(prefix, 0) == 0) again.push_back(n.id);
    const Packed second = pack(u, {}, again, {1}, "Part again");
    const Document q = after(u, second.edit);
    ASSERT_EQ(meaning(q), meaning(p)) << "round " << round;
    const Block &one = *p.findBlock(first.block), &two = *q.findBlock(second.block);
    EXPECT_EQ(one.body.nodes.size(), two.body.nodes.size());
    EXPECT_EQ(portNames(one.body, kBlockInput), portNames(two.body, kBlockInput));
    EXPECT_EQ(portNames(one.body, kBlockOutput), portNames(two.body, kBlockOutput));
    EXPECT_EQ(one.body.annotations, two.body.annotations);
    // A block inside the block.
    std::vector<NodeId> inner;
    for (const Node& n : one.body.nodes)
      if (n.kind != kBlockInput && n.kind != kBlockOutput && random() % 2) inner.push_back(n.id);
    if (refusal([&] { pack(p, first.block, inner, {}, "Inner"); }) != "") continue;
    ++twice;
    ASSERT_EQ(meaning(after(p, pack(p, first.block, inner, {}, "Inner").edit), false), meaning(d, false));
  }
  EXPECT_GT(packed, 100);
  EXPECT_GT(twice, 50);
}

}  // namespace
}  // namespace netwright::graph
