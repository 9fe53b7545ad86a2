// SPDX-License-Identifier: Apache-2.0
#include "core/graph/edit.h"

#include <gtest/gtest.h>

#include <random>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/graph/graph_json.h"
#include "tests/support/graphs.h"

namespace netwright::graph {
namespace {

using netwright::test::chain;
using netwright::test::node;

Document small() { return chain({4}, {{"linear", "fc", {}}, {"relu", "relu", {}}}); }

std::string refusal(Document document, const Edit& edit) {
  try {
    apply(document, edit);
  } catch (const Error& e) {
    return e.title;
  }
  return "";
}

TEST(Edit, InverseRestoresTheDocument) {
  const Document before = small();
  for (const Edit& edit : {addNode(before, node(0, "relu", "other"), "ReLU"), removeNodes(before, {{2}}, true),
                           removeNodes(before, {{1}, {3}}, false), setParam(before, {2}, "out_features", int64_t{7}),
                           rename(before, {2}, "head"), connect(before, {{{1}, "y"}, {{3}, "x"}})}) {
    Document document = before;
    const Applied applied = apply(document, edit);
    EXPECT_NE(document, before) << edit.name;
    apply(document, applied.inverse);
    EXPECT_EQ(document, before) << edit.name;
  }
}

TEST(Edit, DeleteHealsTheFlow) {
  Document d = small();
  apply(d, removeNodes(d, {{2}, {3}}, true));
  ASSERT_EQ(d.wires.size(), 1u);
  EXPECT_EQ(d.wires[0], (Wire{{{1}, "y"}, {{4}, "x"}}));
}

TEST(Edit, RefusesACycleByName) {
  Document d = small();
  apply(d, disconnect({{{1}, "y"}, {{2}, "x"}}));
  EXPECT_EQ(refusal(d, connect(d, {{{3}, "y"}, {{2}, "x"}})),
            "A wire into 'fc' would close a cycle; a network flows from inputs to outputs.");
  EXPECT_TRUE(wouldCycle(d, {{{2}, "y"}, {{2}, "x"}}));
}

TEST(Edit, RefusesATakenName) {
  const Document d = small();
  EXPECT_EQ(refusal(d, rename(d, {2}, "relu")),
            "The name 'relu' is taken. Names must differ; they become the names of the weights.");
}

TEST(Edit, ChangesNothingWhenAStepIsRefused) {
  Document d = small();
  const Document before = d;
  EXPECT_THROW(apply(d, Edit{"two", {SetParam{{2}, "out_features", int64_t{5}}, RemoveNode{{99}}}}), Error);
  EXPECT_EQ(d, before);
}

TEST(Edit, ConnectReplacesTheWireOfAnInput) {
  Document d = small();
  apply(d, connect(d, {{{1}, "y"}, {{3}, "x"}}));
  EXPECT_EQ(d.wireInto({{3}, "x"})->from.node, NodeId{1});
  EXPECT_EQ(d.wires.size(), 3u);
}

// Random edits: undoing all gives the first file, redoing all the last, byte for byte.
TEST(Edit, UndoAllRedoAllIsExact) {
  std::mt19937 random(7);
  const auto pick = [&](size_t n) { return random() % n; };
  for (int round = 0; round < 200; ++round) {
    Document d = small();
    const std::string first = toJson(d).dump();
    std::vector<Edit> undo;
    for (int i = 0; i < 25; ++i) {
      const NodeId a = d.nodes.empty() ? NodeId{} : d.nodes[pick(d.nodes.size())].id,
                   b = d.nodes.empty() ? NodeId{} : d.nodes[pick(d.nodes.size())].id;
      Edit edit;
      switch (pick(7)) {
        case 0:
          edit = addNode(d, node(0, "relu", d.freshName("r")), "ReLU");
          break;
        case 1:
          edit = removeNodes(d, {a}, pick(2) == 0);
          break;
        case 2:
          edit = connect(d, {{a, "y"}, {b, "x"}});
          break;
        case 3:
          if (!d.wires.empty()) edit = disconnect(d.wires[pick(d.wires.size())]);
          break;
        case 4:
          edit = setParam(d, a, "out_features", static_cast<int64_t>(pick(9)));
          break;
        case 5:
          edit = rename(d, a, d.freshName("n"));
          break;
        default:
          edit = {"Move", {Move{a, {static_cast<double>(pick(50)), 3}}}};
          break;
      }
      try {
        undo.push_back(apply(d, edit).inverse);
      } catch (const Error&) {
      }  // refused: nothing happened
    }
    const std::string last = toJson(d).dump();
    std::vector<Edit> redo;
    for (auto it = undo.rbegin(); it != undo.rend(); ++it) redo.push_back(apply(d, *it).inverse);
    ASSERT_EQ(toJson(d).dump(), first);
    for (auto it = redo.rbegin(); it != redo.rend(); ++it) apply(d, *it);
    ASSERT_EQ(toJson(d).dump(), last);
  }
}

}  // namespace
}  // namespace netwright::graph
