// SPDX-License-Identifier: Apache-2.0
// Control flow as lowering sees it: regions that are closed, types, sizes that batches decide, mistakes.
#include "core/program/control.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/layers/lower_graph.h"
#include "core/layers/node_spec.h"
#include "tests/support/control_graphs.h"

namespace netwright::layers {
namespace {

using graph::Document;
using netwright::test::add;
using netwright::test::addControl;
using netwright::test::code;
using netwright::test::ControlCase;
using netwright::test::controlCases;
using netwright::test::define;
using program::Program;
using Ints = std::vector<int64_t>;

std::string problems(const Document& d) {
  std::string all;
  for (const Diagnostic& x : lowerGraph(d).diagnostics)
    if (x.severity == Severity::Error) all += x.code + ": " + x.text() + "\n";
  return all;
}

// Nothing in a region is read of the program around it, and all ops read what is there.
void expectClosed(const Program& p, bool region) {
  std::set<program::ValueId> known;
  for (const program::Port& in : p.inputs) known.insert(in.value);
  for (const program::State& s : p.states) known.insert(s.value);
  EXPECT_TRUE(!region || (p.states.empty() && p.initialisation.empty() && p.losses.empty() && p.dimGuards.empty()));
  for (const program::Op& op : p.ops) {
    for (const program::ValueId v : program::valuesOf(op)) EXPECT_TRUE(known.contains(v)) << op.layer;
    known.insert(op.results.begin(), op.results.end());
    for (const auto& inner : op.regions) expectClosed(*inner, true);
  }
  for (const program::Port& out : p.outputs) EXPECT_TRUE(known.contains(out.value)) << out.name;
}

TEST(LowerControl, MakesClosedRegionsOfEveryWay) {
  for (const ControlCase& c : controlCases()) {
    SCOPED_TRACE(c.name);
    const Lowered l = lowerGraph(c.graph);
    EXPECT_EQ(problems(c.graph), "");
    expectClosed(l.program, false);
    for (const graph::Node& n : c.graph.nodes)
      for (const auto& [port, type] : l.nodes.at(n.id).outputs) EXPECT_TRUE(type.isTensor()) << n.name << "." << port;
  }
}

TEST(LowerControl, WeightsBelongToTheProgramAndAreCalledAfterTheBody) {
  const Lowered l = lowerGraph(test::controlGraph("if"));
  std::vector<std::string> names;
  for (const program::State& s : l.program.states) names.push_back(s.name);
  EXPECT_EQ(names, (std::vector<std::string>{"way.then.fc1.weight", "way.then.fc1.bias", "way.then.fc2.weight",
                                             "way.then.fc2.bias"}));
  EXPECT_EQ(l.program.initialisation.size(), 4u);
  const Document d = test::controlGraph("if");
  EXPECT_EQ(l.nodes.at(d.findByName("way")->id).parameters, 6 * 12 + 12 + 12 * 6 + 6);
}

TEST(LowerControl, SizesThatABatchDecidesAreSymbolsOfTheNode) {
  const Document d = test::controlGraph("early exit");
  const Lowered l = lowerGraph(d);
  EXPECT_EQ(program::text(*l.typeAt({d.findByName("loop")->id, "steps"})), "(N, loop.steps, 6)");
  EXPECT_EQ(program::text(*l.typeAt({d.findByName("sum")->id, "y"})), "(N, 6)");
  const Document s = test::controlGraph("scan");
  EXPECT_EQ(program::text(*lowerGraph(s).typeAt({s.findByName("scan")->id, "all"})), "(N, 4, 6)");

  Document branches;
  add(branches, {"input", "x", {{"shape", Ints{6}}}});
  const BlockId few =
      define(branches, "Few", {"h"}, {{code("a", "y = h[:, 0:2]"), {"h=h"}}, {{"block_output", "y", {}}, {"a:y"}}});
  const BlockId many =
      define(branches, "Many", {"h"}, {{code("a", "y = h[:, 0:4]"), {"h=h"}}, {{"block_output", "y", {}}, {"a:y"}}});
  add(branches, code("c", "y = x.mean() > 0"), {"x=x"});
  addControl(branches, {"if", "way", {}}, {few, many}, {"condition=c:y", "h=x"});
  add(branches, {"output", "out", {}}, {"way:y"});
  EXPECT_EQ(problems(branches), "");
  EXPECT_EQ(program::text(*lowerGraph(branches).typeAt({branches.findByName("way")->id, "y"})), "(N, way.y.1)");
}

TEST(LowerControl, CostsOfALoopCountEachStep) {
  const Document d = test::controlGraph("counted");
  const Lowered l = lowerGraph(d);
  EXPECT_EQ(l.program.macs().evaluate({{"N", 1}}), 3 * 36);
  EXPECT_EQ(l.nodes.at(d.findByName("loop")->id).macs.evaluate({{"N", 1}}), 3 * 36);
}

TEST(LowerControl, PortsAreThoseOfTheBodies) {
  const Document d = test::controlGraph("stacked");
  const auto spec = specOf(d, *d.findByName("loop"));
  std::vector<std::string> names;
  for (const PortSpec& p : spec->inputs) names.push_back(p.name);
  for (const PortSpec& p : spec->outputs) names.push_back(p.name);
  EXPECT_EQ(names, (std::vector<std::string>{"h", "bias", "count", "start", "y", "parts"}));
}

TEST(LowerControl, SaysWhatIsWrong) {
  const auto with = [](const std::string& name, auto change) {
    Document d = test::controlGraph(name);
    change(d);
    return problems(d);
  };
  const auto node = [](Document& d, const char* name) -> graph::Node& {
    return *const_cast<graph::Node*>(d.findByName(name));
  };
  const auto codeOf = [](graph::Document& body, const char* name, const char* text) {
    const_cast<graph::Node*>(body.findByName(name))->params["code"] = std::string(text);
  };
  EXPECT_EQ(with("counted",
                 [&](Document& d) {
                   node(d, "loop").bodies.clear();
                   std::erase_if(d.wires, [](auto& w) { return w.to.port == "h" || w.from.port == "y"; });
                 })
                .substr(0, 7),
            "NW-G001");
  EXPECT_NE(with("counted", [&](Document& d) { node(d, "loop").params["count"] = None{}; })
                .find("NW-G019: Loop 'loop' has no end."),
            std::string::npos);
  EXPECT_NE(with("counted", [&](Document& d) { node(d, "loop").params["carried"] = int64_t{2}; }).find("NW-G020"),
            std::string::npos);
  EXPECT_NE(with("counted",
                 [&](Document& d) {
                   const_cast<graph::Node*>(d.blocks[0].body.findByName("fc"))->params["out_features"] = int64_t{7};
                 })
                .find("NW-S048: Loop 'loop' carries 'h' from step to step, but one step turns (N, 6) into (N, 7)."),
            std::string::npos);
  EXPECT_NE(with("live count", [&](Document& d) { codeOf(d, "depth", "y = x.mean(dim=0)"); }).find("NW-S049"),
            std::string::npos);
  EXPECT_NE(with("while", [&](Document& d) { codeOf(d.blocks[0].body, "far", "y = half > 0.1"); }).find("NW-S049"),
            std::string::npos);
  EXPECT_NE(with("if", [&](Document& d) { codeOf(d.blocks[1].body, "scale", "y = h.mean()"); }).find("NW-S050"),
            std::string::npos);
  EXPECT_NE(with("if", [&](Document& d) { node(d, "way").bodies.pop_back(); }).find("NW-G021"), std::string::npos);
  EXPECT_NE(with("if", [&](Document& d) { const_cast<graph::Node*>(d.blocks[1].body.findByName("y"))->name = "z"; })
                .find("NW-G018"),
            std::string::npos);
  EXPECT_NE(with("scan", [&](Document& d) { node(d, "scan").params["dim"] = int64_t{5}; }).find("NW-S052"),
            std::string::npos);
  EXPECT_NE(with("mixture of experts",
                 [&](Document& d) {
                   codeOf(const_cast<Document&>(d.findBlockByName("Sample")->body), "weighted",
                          "y = e * p.max() + ones(2, 1)");
                 })
                .find("NW-S053"),
            std::string::npos);
  EXPECT_NE(with("counted", [&](Document& d) { add(d.blocks[0].body, {"target", "t", {}}); }).find("NW-G017"),
            std::string::npos);
  EXPECT_NE(with("counted", [&](Document& d) { d.blocks.clear(); }).find("NW-G011"), std::string::npos);
}

TEST(LowerControl, NodesInABodyAreNotSaidToBeUnused) {
  Document d = test::controlGraph("if");
  std::erase_if(d.wires, [&](const graph::Wire& w) { return w.to.node == d.findByName("out")->id; });
  d.wires.push_back({{d.findByName("x")->id, "y"}, {d.findByName("out")->id, "x"}});
  const Lowered l = lowerGraph(d);
  EXPECT_TRUE(l.ok());
  for (const Diagnostic& x : l.diagnostics)
    if (x.code == "NW-G010" || x.code == "NW-G008") {
      EXPECT_EQ(x.text().find("way.then"), std::string::npos) << x.text();
    }
}

TEST(LowerControl, TwoSequencesGoTogether) {
  Document d;
  add(d, {"input", "x", {{"shape", Ints{4, 5}}}});
  add(d, {"input", "z", {{"shape", Ints{3, 5}}}});
  const BlockId body = define(d, "Both", {"x", "z"},
                              {{code("sum", "y = x + z"), {"x=x", "z=z"}}, {{"block_output", "y", {}}, {"sum:y"}}});
  addControl(d, {"map", "each", {{"dim", int64_t{1}}, {"sliced", int64_t{2}}}}, {body}, {"x=x", "z=z"});
  add(d, {"output", "out", {}}, {"each:y"});
  EXPECT_NE(
      problems(d).find(
          "NW-S051: Map 'each' goes through 'x' and 'z' at once, but they have 4 and 3 entries along dimension 1."),
      std::string::npos)
      << problems(d);
}

TEST(LowerControl, ABlockThatRunsItselfIsRefused) {
  Document d;
  add(d, {"input", "x", {{"shape", Ints{4}}}});
  const BlockId body = define(d, "Self", {"h"}, {});
  addControl(d.blocks[0].body, {"loop", "again1", {}}, {body}, {"h=h"});
  add(d.blocks[0].body, {"block_output", "y", {}}, {"again1:y"});
  addControl(d, {"loop", "loop", {}}, {body}, {"h=x"});
  add(d, {"output", "out", {}}, {"loop:y"});
  EXPECT_NE(problems(d).find("NW-G012"), std::string::npos);
}

}  // namespace
}  // namespace netwright::layers
