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

TEST(Edit, AnnotationsComeChangeAndGoWithoutTouchingTheMeaning) {
  Document d = small();
  const Annotation frame{d.freshAnnotationId(), Annotation::Kind::Frame, "Head", "blue", {0, 0}, {300, 200}, ""};
  const Annotation note{frame.id + 1, Annotation::Kind::Note, "two", "", {5, 5}, {100, 80}, ""};
  Annotation renamed = frame;
  renamed.text = "Tail";
  const Document before = d;
  const Applied applied = apply(d, {"All", {AddAnnotation{frame}, AddAnnotation{note}, SetAnnotation{renamed}}});
  EXPECT_FALSE(applied.change.meaning || applied.change.structure);
  EXPECT_EQ(d.annotations, (std::vector<Annotation>{renamed, note}));
  const Applied removed = apply(d, {"Remove", {RemoveAnnotation{frame.id}}});
  apply(d, removed.inverse);
  EXPECT_EQ(d.annotations, (std::vector<Annotation>{renamed, note})) << "it comes back to its place in the order";
  apply(d, applied.inverse);
  EXPECT_EQ(d, before);
  EXPECT_EQ(refusal(d, {"", {RemoveAnnotation{7}}}), "The graph has no annotation with the number 7.");
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

// One random edit of any kind; many do not fit the document and are refused.
Edit randomEdit(const Document& d, std::mt19937& random) {
  const auto pick = [&](size_t n) { return random() % n; };
  const auto someNode = [&] {
    return d.nodes.empty() || pick(20) == 0 ? NodeId{static_cast<int64_t>(pick(9))} : d.nodes[pick(d.nodes.size())].id;
  };
  const NodeId a = someNode(), b = someNode();
  const std::string port = pick(8) == 0 ? "b" : "x";
  switch (pick(11)) {
    case 0: {
      Edit edit = addNode(d, node(0, pick(2) ? "relu" : "linear", d.freshName("r")), "layer");
      std::get<AddNode>(edit.steps[0]).index = pick(2) ? SIZE_MAX : pick(d.nodes.size() + 2);
      return edit;
    }
    case 1:
      return removeNodes(d, {a}, pick(2) == 0);
    case 2:
      return removeNodes(d, {a, b}, pick(2) == 0);
    case 3:
      return connect(d, {{a, "y"}, {b, port}});
    case 4:
      return d.wires.empty() ? Edit{} : disconnect(d.wires[pick(d.wires.size())]);
    case 5:
      return setParam(d, a, pick(2) ? "out_features" : "bias", static_cast<int64_t>(pick(3)));
    case 6:
      return {"Take away", {SetParam{a, pick(2) ? "out_features" : "bias", std::nullopt}}};
    case 7:
      return rename(d, a, pick(2) ? d.freshName("n") : "relu");
    case 8:
      return {"Move", {Move{a, {static_cast<double>(pick(50)), static_cast<double>(pick(50))}}}};
    case 9:
      if (pick(2)) return {"Bypass", {SetBypassed{a, pick(2) == 1}}};
      return {"Mode", {SetMode{a, static_cast<Mode>(pick(3))}}};
    default:
      return {"Several", {SetParam{a, "bias", pick(2) == 0}, Move{b, {1, 2}}, Rename{a, d.freshName("m")}}};
  }
}

// Whatever an edit does, its inverse undoes, and a refused edit does nothing.
TEST(Edit, InverseIsExactOnTenThousandSequences) {
  std::mt19937 random(3);
  int applied = 0, refused = 0;
  for (int sequence = 0; sequence < 10000; ++sequence) {
    Document d = small();
    std::vector<Document> states{d};
    std::vector<Edit> undo;
    for (size_t i = random() % 8; i > 0; --i) {
      const Edit edit = randomEdit(d, random);
      try {
        undo.push_back(apply(d, edit).inverse);
        states.push_back(d);
        ++applied;
      } catch (const Error&) {
        ASSERT_EQ(d, states.back()) << "a refused edit changed the document: " << edit.name;
        ++refused;
      }
    }
    std::vector<Edit> redo;
    for (size_t i = undo.size(); i-- > 0;) {
      redo.push_back(apply(d, undo[i]).inverse);
      ASSERT_EQ(d, states[i]) << "sequence " << sequence << ", step " << i << ": " << undo[i].name;
    }
    for (size_t i = redo.size(); i-- > 0;) apply(d, redo[i]);
    ASSERT_EQ(d, states.back()) << "sequence " << sequence;
  }
  EXPECT_GT(applied, 10000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace netwright::graph
