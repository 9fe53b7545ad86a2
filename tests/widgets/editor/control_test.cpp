// SPDX-License-Identifier: GPL-3.0-or-later
// Control flow in the window: put into a wire, its bodies entered, chosen and added, what ran lit.
#include <QComboBox>
#include <QPushButton>
#include <QToolButton>

#include "core/graph/view.h"
#include "core/layers/registry.h"
#include "tests/widgets/editor/editor_test.h"
#include "widgets/editor/node_overlay.h"
#include "widgets/editor/place_bar.h"
#include "widgets/forms/bodies_form.h"
#include "widgets/forms/param_form.h"

namespace netwright::editor {
namespace {

class ControlTest : public EditorTest {
 protected:
  NodeId put(const char* kind, const char* before) {
    scene.select({id(before)});
    const auto layer = scene.bring(kind);
    const NodeId made = scene.addLayerBesideSelection(*layer, {});
    QApplication::processEvents();
    return made;
  }
  void doubleClick(NodeId node) {
    QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, at(scene.item(node)->sceneBody().center()));
    QApplication::processEvents();
  }
  std::vector<std::string> inputs(NodeId node) {
    std::vector<std::string> names;
    for (const auto& port : scene.item(node)->face().inputs) names.push_back(port.name);
    return names;
  }
  // Wires the condition of an If.
  void decide(NodeId branch) {
    graph::Node code = layers::newNode(*layers::findLayer("expression"), document(), {0, 400});
    code.params["code"] = std::string("large = x.mean() > 0");
    const PortRef from = document().wireInto({branch, "x"})->from;
    model.apply({"Decide",
                 {graph::AddNode{code}, graph::Connect{{from, {code.id, "x"}}},
                  graph::Connect{{{code.id, "large"}, {branch, "condition"}}}}});
    QApplication::processEvents();
  }
  template <class Widget>
  Widget* field(const QString& name) {
    auto* form = page.form()->findChild<forms::BodiesForm*>();
    return form ? form->findChild<Widget*>(name) : nullptr;
  }
};

TEST_F(ControlTest, ALoopComesWithABodyAndIsUndoneAsOne) {
  const graph::Document before = document();
  const NodeId loop = put("loop", "relu1");
  ASSERT_TRUE(loop);
  EXPECT_EQ(model.root().blocks.size(), 1u);
  EXPECT_EQ(inputs(loop), (std::vector<std::string>{"x", "count", "start"}));
  EXPECT_TRUE(model.prepared().ok()) << "the new body hands on what comes in";
  EXPECT_FALSE(scene.item(loop)->face().shape.isEmpty());
  model.undoStack()->undo();
  EXPECT_EQ(model.root(), before);
  model.undoStack()->redo();
  EXPECT_EQ(model.root().blocks.size(), 1u);
}

TEST_F(ControlTest, BodiesAreEnteredAndTheBarLeadsToTheOther) {
  const NodeId branch = put("if", "relu1");
  EXPECT_EQ(model.root().blocks.size(), 2u);
  doubleClick(branch);
  const graph::View then = model.view();
  ASSERT_TRUE(then.block);
  EXPECT_EQ(graph::bodyStep(then)->body, 0u);
  view.setFocus();
  key(Qt::Key_Right, Qt::AltModifier);
  EXPECT_EQ(graph::bodyStep(model.view())->body, 1u);
  EXPECT_NE(model.view().block, then.block);
  QApplication::processEvents();
  auto* bar = page.findChild<PlaceBar*>();
  QToolButton* other = nullptr;
  for (QToolButton* b : bar->findChildren<QToolButton*>())
    if (b->isVisibleTo(bar) && b->text().contains("then")) other = b;
  ASSERT_NE(other, nullptr);
  QTest::mouseClick(other, Qt::LeftButton);
  QApplication::processEvents();
  EXPECT_EQ(model.view().block, then.block);
  key(Qt::Key_Up, Qt::AltModifier);
  EXPECT_FALSE(model.view().block);
  model.enter(branch, 1);
  key(Qt::Key_Up, Qt::AltModifier);
  EXPECT_FALSE(model.view().block) << "from a later body too";
}

TEST_F(ControlTest, AnEditInOneBodyIsSeenAtTheNode) {
  const NodeId branch = put("if", "relu1");
  decide(branch);
  ASSERT_TRUE(model.prepared().ok());
  model.enter(branch, 1);
  const NodeId port = document().findByName("x")->id;
  scene.select({port});
  const NodeId linear = scene.addLayerBesideSelection(*scene.bring("flatten"), {});
  ASSERT_TRUE(linear);
  EXPECT_FALSE(scene.item(linear)->face().shape.isEmpty()) << "shapes inside the second body are known";
  model.leave();
  QApplication::processEvents();
  bool told = false;
  for (const Diagnostic& d : model.prepared().diagnostics)
    told = told || (d.code == "NW-S050" && d.node == NodePath{branch});
  EXPECT_TRUE(told) << "the bodies give different shapes";
}

TEST_F(ControlTest, BodiesOfASwitchComeAndGo) {
  const NodeId choice = put("switch", "relu1");
  scene.select({choice});
  QApplication::processEvents();
  auto* more = field<QPushButton>("add-body");
  ASSERT_NE(more, nullptr);
  QTest::mouseClick(more, Qt::LeftButton);
  QApplication::processEvents();
  EXPECT_EQ(document().find(choice)->bodies.size(), 3u);
  auto* first = field<QComboBox>("body-0");
  ASSERT_NE(first, nullptr);
  const BlockId second = document().find(choice)->bodies[1];
  first->setCurrentIndex(first->findData(QVariant::fromValue<qint64>(second.value)));
  Q_EMIT first->activated(first->currentIndex());
  QApplication::processEvents();
  EXPECT_EQ(document().find(choice)->bodies[0], second);
  auto* away = field<QToolButton>("remove-body-2");
  ASSERT_NE(away, nullptr);
  QTest::mouseClick(away, Qt::LeftButton);
  QApplication::processEvents();
  EXPECT_EQ(document().find(choice)->bodies.size(), 2u);
  auto* open = field<QPushButton>("open-body-1");
  ASSERT_NE(open, nullptr);
  QTest::mouseClick(open, Qt::LeftButton);
  QApplication::processEvents();
  EXPECT_EQ(graph::bodyStep(model.view())->body, 1u);
  model.leave();
  for (int i = 0; i < 3; ++i) model.undoStack()->undo();
  EXPECT_EQ(document().find(choice)->bodies.size(), 2u);
}

TEST_F(ControlTest, WhatRanIsLit) {
  const NodeId branch = put("if", "relu1");
  NodeOverlay overlay(&scene);
  run::NodeStatistics told{7, {}};
  told.nodes.push_back({{branch.value}, 0.5, 1, std::nan(""), {0, 3}});
  overlay.show(told);
  EXPECT_EQ(overlay.text(branch), "then ×0 · otherwise ×3");
  model.enter(branch, 0);
  const NodeId port = document().findByName("x")->id;
  EXPECT_EQ(overlay.text(port), "did not run");
  model.leave();
  model.enter(branch, 1);
  EXPECT_EQ(overlay.text(document().findByName("x")->id), "");
}

TEST_F(ControlTest, ControlFlowIsCopiedWithItsBodies) {
  const NodeId loop = put("loop", "relu1");
  scene.select({loop});
  view.setFocus();
  key(Qt::Key_C, Qt::ControlModifier);
  model.undoStack()->undo();
  EXPECT_TRUE(model.root().blocks.empty());
  key(Qt::Key_V, Qt::ControlModifier);
  ASSERT_EQ(model.root().blocks.size(), 1u);
  const graph::Node* pasted = document().findByName("loop1");
  ASSERT_NE(pasted, nullptr);
  EXPECT_EQ(pasted->bodies, std::vector<BlockId>{model.root().blocks.front().id});
}

}  // namespace
}  // namespace netwright::editor
