// SPDX-License-Identifier: Apache-2.0
// Blocks and variables as lowering sees them: the same program as drawn flat, reports of instances, problems where
// people can mend them.
#include "core/graph/blocks.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/layers/lower_graph.h"
#include "core/layers/node_spec.h"
#include "core/layers/registry.h"
#include "core/project/fix_edit.h"
#include "tests/support/graphs.h"

namespace netwright::layers {
namespace {

using graph::Document;
using netwright::test::chain;

Document digits() {
  return chain({1, 8, 8}, {{"conv2d", "stage.conv", {{"out_channels", int64_t{4}}}},
                           {"relu", "stage.act", {}},
                           {"flatten", "flatten", {}},
                           {"linear", "fc", {{"out_features", int64_t{3}}}}});
}

NodeId id(const Document& d, const char* name) { return d.findByName(name)->id; }

Document packed() {
  const Document d = digits();
  Document p = d;
  graph::apply(p, graph::pack(d, {}, {id(d, "stage.conv"), id(d, "stage.act")}, {}, "Stage").edit);
  return p;
}

std::vector<std::string> stateNames(const Lowered& l) {
  std::vector<std::string> names;
  for (const program::State& s : l.program.states) names.push_back(s.name);
  return names;
}

std::string opsOf(const Lowered& l) {
  std::string all;
  for (const program::Op& op : l.program.ops) all += std::string(op.info->id()) + " ";
  return all;
}

TEST(LowerBlocks, GiveTheSameProgramAsDrawnFlat) {
  const Lowered flat = lowerGraph(digits()), blocks = lowerGraph(packed());
  ASSERT_TRUE(blocks.ok()) << blocks.diagnostics.front().text();
  EXPECT_EQ(program::text(blocks.program), program::text(flat.program));
  EXPECT_EQ(stateNames(blocks), stateNames(flat));
  ASSERT_EQ(blocks.program.initialisation.size(), flat.program.initialisation.size());
  for (size_t i = 0; i < flat.program.initialisation.size(); ++i)
    EXPECT_EQ(blocks.program.initialisation[i].state, flat.program.initialisation[i].state);
}

TEST(LowerBlocks, AnInstanceReportsWhatIsInsideIt) {
  const Document d = packed();
  const Lowered l = lowerGraph(d);
  const NodeReport& stage = l.nodes.at(id(d, "stage"));
  EXPECT_EQ(program::text(stage.outputs.at("y")), "(N, 4, 6, 6)");
  EXPECT_EQ(stage.parameters, 4 * 9 + 4);
  EXPECT_EQ(stage.macs.evaluate({{"N", 1}}), 4 * 9 * 36);
  EXPECT_EQ(l.inside(id(d, "stage")).size(), 4u);
}

TEST(LowerBlocks, EachOfAThousandCopiesHasItsOwnWeightsAndItsOwnId) {
  Document d = packed();
  graph::Block& block = d.blocks.front();
  block.params = {intParam("channels", 4)};
  graph::Node* instance = const_cast<graph::Node*>(d.findByName("stage"));
  for (graph::Node& n : block.body.nodes)
    if (n.name == "conv") {
      n.params["padding"] = std::vector<int64_t>{1, 1};
      n.params["out_channels"] = Formula{"channels"};
    }
  instance->params["channels"] = Formula{"2 + index % 3"};
  instance->params[graph::kRepeat] = int64_t{1000};
  const Lowered l = lowerGraph(d);
  ASSERT_TRUE(l.ok()) << l.diagnostics.front().text();
  EXPECT_EQ(l.program.states.size(), 2002u);
  EXPECT_EQ(l.program.states[2].name, "stage.1.conv.weight");
  std::set<uint64_t> ids;
  for (const program::Op& op : l.program.ops) ids.insert(op.id);
  EXPECT_EQ(ids.size(), l.program.ops.size());
}

TEST(LowerBlocks, SharedWeightsAreOneState) {
  Document d = chain({4}, {{"linear", "a.fc", {{"out_features", int64_t{4}}}}});
  graph::apply(d, graph::pack(d, {}, {id(d, "a.fc")}, {}, "Layer").edit);
  graph::Node second = newNode(blockSpec(d.blocks.front()), d, {});
  second.name = "b";
  d.nodes.insert(d.nodes.begin() + 2, second);
  netwright::test::connect(d, "a:y", "b:x");
  EXPECT_EQ(lowerGraph(d).program.states.size(), 2u) << "b leads nowhere yet";
  std::erase_if(d.wires, [&](const graph::Wire& w) { return w.to.node == id(d, "y"); });
  netwright::test::connect(d, "b:y", "y");
  EXPECT_EQ(lowerGraph(d).program.states.size(), 4u);
  graph::apply(d, graph::shareWeights(d, {}, second.id, id(d, "a")));
  const Lowered shared = lowerGraph(d);
  ASSERT_TRUE(shared.ok());
  EXPECT_EQ(stateNames(shared), (std::vector<std::string>{"a.fc.weight", "a.fc.bias"}));
  EXPECT_EQ(opsOf(shared), "linear linear ");
}

TEST(LowerBlocks, AMistakeInADefinitionIsSaidOnceWithItsPathAndMendedThere) {
  Document d = packed();
  graph::Block& block = d.blocks.front();
  for (graph::Node& n : block.body.nodes)
    if (n.name == "conv") n.params["in_channels"] = int64_t{3};
  graph::Node second = newNode(blockSpec(block), d, {});
  second.name = "stage2";
  d.nodes.push_back(second);
  netwright::test::connect(d, "x", "stage2:x");
  const Lowered l = lowerGraph(d);
  const auto errors = std::count_if(l.diagnostics.begin(), l.diagnostics.end(),
                                    [](const Diagnostic& p) { return p.severity != Severity::Info; });
  EXPECT_EQ(errors, 1);
  const Diagnostic& first = l.diagnostics.front();
  EXPECT_EQ(first.node, (NodePath{id(d, "stage"), block.body.findByName("conv")->id}));
  EXPECT_EQ(first.args.at("layer"), "Conv2d 'stage.conv'");
  ASSERT_FALSE(first.fixes.empty());
  EXPECT_EQ(first.fixes.front().body, block.id);
  graph::apply(d, project::fixEdit(d, first.fixes.front()));
  EXPECT_TRUE(lowerGraph(d).ok());
  EXPECT_EQ(d.blocks.front().body.findByName("conv")->params.at("in_channels"), Attribute(Auto{}));
}

TEST(LowerBlocks, APortWithoutAWireIsSaidAtTheInstance) {
  Document d = packed();
  std::erase_if(d.wires, [&](const graph::Wire& w) { return w.to.node == id(d, "stage"); });
  const Lowered l = lowerGraph(d);
  ASSERT_FALSE(l.ok());
  EXPECT_EQ(l.diagnostics.front().code, "NW-G001");
  EXPECT_EQ(l.diagnostics.front().node, NodePath{id(d, "stage")});
  EXPECT_EQ(l.diagnostics.front().port, "x");
  EXPECT_EQ(l.diagnostics.front().args.at("layer"), "Stage 'stage'");
}

TEST(LowerBlocks, TheFormOfAPortIsChecked) {
  Document d = packed();
  for (graph::Node& n : d.blocks.front().body.nodes)
    if (n.kind == graph::kBlockInput) n.params["form"] = std::string("(N, features)");
  const Lowered l = lowerGraph(d);
  ASSERT_FALSE(l.ok());
  EXPECT_EQ(l.diagnostics.front().code, "NW-S001");
  EXPECT_EQ(l.diagnostics.front().args.at("form"), "(N, features)");
}

TEST(LowerBlocks, VariablesReachEveryParameterAndTheirErrorsTheField) {
  Document d = digits();
  d.variables = {{"classes", int64_t{7}, ""}};
  graph::Node* fc = const_cast<graph::Node*>(d.findByName("fc"));
  fc->params["out_features"] = Formula{"classes * 2"};
  Lowered l = lowerGraph(d);
  ASSERT_TRUE(l.ok()) << l.diagnostics.front().text();
  EXPECT_EQ(program::text(l.nodes.at(fc->id).outputs.at("y")), "(N, 14)");
  fc->params["out_features"] = Formula{"classes * 'a'"};
  l = lowerGraph(d);
  ASSERT_FALSE(l.ok());
  EXPECT_EQ(l.diagnostics.front().param, "out_features");
  fc->params["out_features"] = Formula{"clases"};
  l = lowerGraph(d);
  ASSERT_EQ(l.diagnostics.front().text(),
            "Linear 'fc': out_features = clases cannot be computed (unknown name 'clases'; did you mean 'classes'?).");
  fc->params["out_features"] = Formula{"-classes"};
  l = lowerGraph(d);
  ASSERT_FALSE(l.ok());
  EXPECT_EQ(l.diagnostics.front().code, "NW-P001") << "what a formula comes to is checked like any value";
}

TEST(LowerBlocks, RunAtEveryTimeStepWhereTheyShall) {
  Document d = chain({5, 1, 8, 8}, {{"flatten", "flatten", {{"start_dim", int64_t{2}}}}});
  const Document one = packed();
  d.blocks = one.blocks;
  graph::Node stage = newNode(blockSpec(d.blocks.front()), d, {});
  stage.name = "stage";
  stage.params["time_distributed"] = true;
  d.nodes.insert(d.nodes.begin() + 1, stage);
  d.wires.clear();
  for (const auto& [from, to] : {std::pair("x", "stage:x"), std::pair("stage:y", "flatten"), std::pair("flatten", "y")})
    netwright::test::connect(d, from, to);
  const Lowered l = lowerGraph(d);
  ASSERT_TRUE(l.ok()) << l.diagnostics.front().text();
  EXPECT_EQ(program::text(l.nodes.at(stage.id).outputs.at("y")), "(N, 5, 4, 6, 6)");
  EXPECT_EQ(l.nodes.at(stage.id).macs.evaluate({{"N", 2}}), 10 * 4 * 9 * 36);
}

TEST(LowerBlocks, ABlockInsideItselfIsRefusedByName) {
  Document d = packed();
  graph::Block& block = d.blocks.front();
  block.body.nodes.push_back(newNode(blockSpec(block), block.body, {}));
  const Lowered l = lowerGraph(d);
  ASSERT_FALSE(l.ok());
  const auto said =
      std::find_if(l.diagnostics.begin(), l.diagnostics.end(), [](const Diagnostic& p) { return p.code == "NW-G012"; });
  ASSERT_NE(said, l.diagnostics.end());
  EXPECT_EQ(said->args.at("circle"), "Stage → Stage");
}

}  // namespace
}  // namespace netwright::layers
