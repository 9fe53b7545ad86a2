// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks and variables in the window: made, entered, changed and taken apart with mouse and keys.
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include "core/layers/reroute.h"
#include "tests/widgets/editor/editor_test.h"
#include "widgets/editor/layer_list.h"
#include "widgets/editor/palette.h"
#include "widgets/editor/place_bar.h"
#include "widgets/editor/problem_list.h"
#include "widgets/forms/code_editor.h"
#include "widgets/forms/code_form.h"
#include "widgets/forms/param_form.h"
#include "widgets/forms/spec_editor.h"
#include "widgets/forms/variables_form.h"

namespace netwright::editor {
namespace {

class BlocksTest : public EditorTest {
 protected:
  // conv1, relu1 and pool1 as a block.
  NodeId makeBlock() {
    scene.select({id("conv1"), id("relu1"), id("pool1")});
    view.setFocus();
    key(Qt::Key_B, Qt::ControlModifier);
    QApplication::processEvents();
    return scene.selectedNodes().empty() ? NodeId{} : scene.selectedNodes().front();
  }
  void doubleClick(NodeId node) {
    QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, at(scene.item(node)->sceneBody().center()));
    QApplication::processEvents();
  }
  PlaceBar& bar() { return *page.findChild<PlaceBar*>(); }
  void type(QWidget* field, const char* text) {
    ASSERT_NE(field, nullptr);
    auto* line = qobject_cast<QLineEdit*>(field);
    ASSERT_NE(line, nullptr);
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
    QApplication::processEvents();
  }
};

TEST_F(BlocksTest, Pack_PutsTheSelectionIntoABlockThatComputesTheSame) {
  const auto before = model.prepared().lowered.program.parameterCount();
  const size_t nodes = document().nodes.size();
  const NodeId block = makeBlock();
  ASSERT_TRUE(block);
  EXPECT_EQ(document().nodes.size(), nodes - 2);
  EXPECT_EQ(model.root().blocks.size(), 1u);
  EXPECT_TRUE(model.prepared().ok());
  EXPECT_EQ(model.prepared().lowered.program.parameterCount(), before);
  const NodeFace& face = scene.item(block)->face();
  EXPECT_EQ(face.title, "Block");
  EXPECT_FALSE(face.shape.isEmpty());
  EXPECT_FALSE(face.cost.isEmpty());
  ASSERT_EQ(face.inputs.size(), 1u);
  model.undoStack()->undo();
  EXPECT_EQ(document().nodes.size(), nodes);
  EXPECT_TRUE(model.root().blocks.empty());
}

TEST_F(BlocksTest, DoubleClick_EntersAndTheBarLeadsBack) {
  EXPECT_FALSE(bar().isVisible());
  doubleClick(makeBlock());
  ASSERT_TRUE(model.view().block);
  EXPECT_TRUE(bar().isVisible());
  ASSERT_NE(scene.item(id("conv1")), nullptr);
  EXPECT_FALSE(scene.item(id("conv1"))->face().shape.isEmpty()) << "shapes are those of the instance";
  EXPECT_EQ(scene.item(id("conv1"))->face().values.size(), 2u);
  auto* back = bar().findChildren<QToolButton*>().front();
  QTest::mouseClick(back, Qt::LeftButton);
  QApplication::processEvents();
  EXPECT_FALSE(model.view().block);
  EXPECT_FALSE(bar().isVisible());
}

TEST_F(BlocksTest, Bypass_MakesAWireOfALayerAndIsUndone) {
  const QString before = scene.item(id("pool1"))->face().shape;
  const auto macs = model.prepared().lowered.program.ops.size();
  scene.select({id("relu1")});
  view.setFocus();
  key(Qt::Key_M, Qt::ControlModifier);
  EXPECT_TRUE(document().findByName("relu1")->bypassed);
  EXPECT_TRUE(scene.item(id("relu1"))->face().bypassed);
  EXPECT_TRUE(model.prepared().ok());
  EXPECT_EQ(model.prepared().lowered.program.ops.size(), macs - 1);
  EXPECT_EQ(scene.item(id("pool1"))->face().shape, before);
  EXPECT_EQ(scene.item(id("relu1"))->face().shape, scene.item(id("conv1"))->face().shape) << "what goes through it";
  key(Qt::Key_M, Qt::ControlModifier);
  EXPECT_FALSE(document().findByName("relu1")->bypassed);
  model.undoStack()->undo();
  EXPECT_TRUE(document().findByName("relu1")->bypassed);
  scene.select({id("conv1")});
  key(Qt::Key_M, Qt::ControlModifier);
  EXPECT_FALSE(scene.item(id("pool1"))->face().shape.isEmpty());
  EXPECT_NE(scene.item(id("pool1"))->face().shape, before) << "sizes follow";
}

TEST_F(BlocksTest, Freeze_ReachesTheLayerInEveryCopyOfItsBlock) {
  const NodeId block = makeBlock();
  doubleClick(block);
  scene.select({id("conv1")});
  view.setFocus();
  key(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
  const std::string name = model.root().find(block)->name;
  EXPECT_EQ(model.project().run.frozen, std::vector<std::string>{name + ".conv1.*"});
  EXPECT_TRUE(scene.item(id("conv1"))->face().cost.startsWith("frozen"));
  EXPECT_TRUE(model.prepared().ok());
  model.undoStack()->undo();
  EXPECT_TRUE(model.project().run.frozen.empty());
  model.leave();
  scene.select({block});
  view.setFocus();
  key(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(model.project().run.frozen, std::vector<std::string>{name + ".*"});
  EXPECT_TRUE(scene.item(block)->face().cost.startsWith("frozen"));
}

TEST_F(BlocksTest, Reroute_PutsADotIntoAWire) {
  const graph::Document before = document();
  const auto ops = model.prepared().lowered.program.ops.size();
  const graph::Wire wire = *document().wireInto({id("relu1"), "x"});
  const QPointF middle = (scene.item(wire.from.node)->portPosition(false, wire.from.port) +
                          scene.item(wire.to.node)->portPosition(true, wire.to.port)) /
                         2;
  const NodeId dot = scene.dropLayer(*scene.bring("reroute"), middle);
  ASSERT_TRUE(dot);
  EXPECT_EQ(document().find(dot)->kind, layers::kReroute);
  EXPECT_LT(scene.item(dot)->sceneBody().width(), 40);
  EXPECT_NEAR(scene.item(dot)->sceneBody().center().x(), middle.x(), 1);
  EXPECT_TRUE(model.prepared().ok());
  EXPECT_EQ(model.prepared().lowered.program.ops.size(), ops) << "it computes nothing";
  EXPECT_EQ(document().wireInto({id("relu1"), "x"})->from.node, dot);
  model.undoStack()->undo();
  EXPECT_EQ(document(), before);
}

TEST_F(BlocksTest, TheFormOfALayerIsNoWiderThanItsPanel) {
  for (const char* name : {"conv1", "fc1"}) {  // with a long entry among the choices
    scene.select({id(name)});
    QApplication::processEvents();
    EXPECT_LE(page.form()->widget()->minimumSizeHint().width(), 300) << name;
  }
}

TEST_F(BlocksTest, Keys_EnterLeaveAndUnpack) {
  const size_t nodes = document().nodes.size();
  const NodeId block = makeBlock();
  key(Qt::Key_Down, Qt::AltModifier);
  EXPECT_TRUE(model.view().block);
  key(Qt::Key_Up, Qt::AltModifier);
  EXPECT_FALSE(model.view().block);
  scene.select({block});
  key(Qt::Key_B, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(document().nodes.size(), nodes);
  EXPECT_TRUE(model.prepared().ok());
  EXPECT_EQ(scene.selectedNodes().size(), 3u);
}

TEST_F(BlocksTest, AnEditInside_ChangesAllInstancesAndIsUndone) {
  doubleClick(makeBlock());
  scene.select({id("conv1")});
  QApplication::processEvents();
  const QString before = scene.item(id("conv1"))->face().shape;
  type(page.form()->editor("out_channels")->findChild<QLineEdit*>(), "5");
  EXPECT_TRUE(scene.item(id("conv1"))->face().shape.contains(QStringLiteral("×5×")));
  EXPECT_EQ(model.root().blocks.front().body.findByName("conv1")->params.at("out_channels"), Attribute(int64_t{5}));
  model.undoStack()->undo();
  EXPECT_EQ(scene.item(id("conv1"))->face().shape, before);
}

TEST_F(BlocksTest, UndoOfMakingABlock_LeavesIt) {
  doubleClick(makeBlock());
  ASSERT_TRUE(model.view().block);
  model.undoStack()->undo();
  EXPECT_FALSE(model.view().block);
  EXPECT_TRUE(id("conv1"));
}

TEST_F(BlocksTest, PortsAreRenamedInTheFormAndKeepTheirWires) {
  const NodeId block = makeBlock();
  doubleClick(block);
  type(page.form()->findChild<QLineEdit*>("port-x"), "image");
  EXPECT_TRUE(model.prepared().ok());
  model.leave();
  EXPECT_EQ(scene.item(block)->face().inputs.front().name, "image");
  EXPECT_TRUE(scene.item(block)->face().inputs.front().connected);
}

TEST_F(BlocksTest, ParametersOfTheBlock_AreFieldsOfItsInstances) {
  const NodeId block = makeBlock();
  doubleClick(block);
  QTest::mouseClick(page.form()->findChild<QToolButton*>("add-block-param"), Qt::LeftButton);
  QApplication::processEvents();
  scene.select({id("conv1")});
  QApplication::processEvents();
  type(page.form()->editor("out_channels")->findChild<QLineEdit*>(), "=channels * 2");
  model.leave();
  scene.select({block});
  QApplication::processEvents();
  forms::SpecEditor* channels = page.form()->editor("channels");
  ASSERT_NE(channels, nullptr);
  type(channels->findChild<QLineEdit*>(), "6");
  EXPECT_TRUE(scene.item(block)->face().shape.contains(QStringLiteral("×12×")))
      << scene.item(block)->face().shape.toStdString();
  EXPECT_NE(page.form()->editor("repeat"), nullptr);
}

TEST_F(BlocksTest, MakeUnique_AndSharedWeights) {
  const NodeId block = makeBlock();
  scene.select({block});
  scene.duplicateSelection();
  QApplication::processEvents();
  const NodeId copy = scene.selectedNodes().front();
  ASSERT_NE(copy, block);
  EXPECT_EQ(document().find(copy)->bodies, document().find(block)->bodies);
  auto* weights = page.form()->findChild<QComboBox*>("share-weights");
  ASSERT_NE(weights, nullptr);
  weights->setCurrentIndex(1);
  Q_EMIT weights->activated(1);
  EXPECT_EQ(document().find(copy)->shared.at("*").owner, NodePath{block});
  model.undoStack()->undo();
  QTest::mouseClick(page.form()->findChild<QPushButton*>("make-unique"), Qt::LeftButton);
  EXPECT_EQ(model.root().blocks.size(), 2u);
  EXPECT_NE(document().find(copy)->bodies, document().find(block)->bodies);
}

TEST_F(BlocksTest, WhatIsBeingTypedStaysInTheBlockThatIsLeft) {
  doubleClick(makeBlock());
  scene.select({id("conv1")});
  QApplication::processEvents();
  page.activateWindow();
  const auto leaveWhileTyping = [&](QLineEdit* line, const char* text) {
    ASSERT_NE(line, nullptr);
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
    model.leave();  // as the bar does, without a change of the focus before
    QApplication::processEvents();
  };
  const graph::Document outside = model.root();
  leaveWhileTyping(page.form()->editor("out_channels")->findChild<QLineEdit*>(), "9");
  EXPECT_EQ(model.root().blocks.front().body.findByName("conv1")->params.at("out_channels"), Attribute(int64_t{9}));
  EXPECT_EQ(model.root().nodes, outside.nodes);
  model.enter(scene.document().findByName("block1")->id);
  scene.select({id("conv1")});
  QApplication::processEvents();
  leaveWhileTyping(page.form()->nameField(), "first");
  EXPECT_NE(model.root().blocks.front().body.findByName("first"), nullptr);
  EXPECT_EQ(model.root().nodes, outside.nodes);
}

TEST_F(BlocksTest, ADoubleClickOnAnExpressionOpensItsCode) {
  scene.addLayer(*scene.layer("expression"), {0, 900}, std::nullopt);
  const NodeId node = scene.selectedNodes().front();
  view.centreOn(node);
  QApplication::processEvents();
  doubleClick(node);
  forms::CodeDialog* dialog = nullptr;
  for (QWidget* w : QApplication::topLevelWidgets())
    if (auto* found = qobject_cast<forms::CodeDialog*>(w)) dialog = found;
  ASSERT_NE(dialog, nullptr);
  EXPECT_TRUE(dialog->isVisible());
  EXPECT_EQ(dialog->editor()->code(), std::get<std::string>(document().find(node)->params.at("code")));
  dialog->reject();
}

TEST_F(BlocksTest, Palette_ListsBlocksAndPortsWhereTheyBelong) {
  const auto holds = [this](const char* title) {
    return !page.palette()->list()->findItems(title, Qt::MatchExactly).isEmpty();
  };
  EXPECT_FALSE(holds("Block input"));
  const NodeId block = makeBlock();
  EXPECT_TRUE(holds("Block"));
  doubleClick(block);
  EXPECT_FALSE(holds("Block")) << "it cannot stand in itself";
  EXPECT_TRUE(holds("Block input"));
  EXPECT_FALSE(holds("Input"));
  model.leave();
  view.setFocus();
  key(Qt::Key_Space);
  addByName("block");
  EXPECT_EQ(std::count_if(document().nodes.begin(), document().nodes.end(),
                          [](const graph::Node& n) { return n.kind == graph::kInstance; }),
            2);
}

TEST_F(BlocksTest, Paste_BringsTheDefinitionIntoAnotherProject) {
  const NodeId block = makeBlock();
  scene.select({block});
  scene.copySelection();
  bridge::SampleProject other;
  DesignPage second(&other.model);
  second.resize(1280, 800);
  second.show();
  QApplication::processEvents();
  second.scene()->pasteClipboard();
  ASSERT_EQ(other.model.root().blocks.size(), 1u);
  EXPECT_EQ(other.model.root().blocks.front().body.nodes.size(), model.root().blocks.front().body.nodes.size());
  second.scene()->pasteClipboard();
  EXPECT_EQ(other.model.root().blocks.size(), 1u) << "the same definition is used again";
}

TEST_F(BlocksTest, ABlockOfTheLibrary_IsListedInEveryProject) {
  const NodeId block = makeBlock();
  scene.select({block});
  page.actions()["keep-block"]->trigger();
  bridge::SampleProject other;
  DesignPage second(&other.model);
  second.resize(1280, 800);
  second.show();
  QApplication::processEvents();
  const auto found = second.palette()->list()->findItems("Block", Qt::MatchExactly);
  ASSERT_EQ(found.size(), 1);
  second.palette()->list()->setCurrentItem(found.front());
  QTest::keyClick(second.palette()->list(), Qt::Key_Return);
  QApplication::processEvents();
  ASSERT_EQ(other.model.root().blocks.size(), 1u);
  EXPECT_EQ(other.model.root().blocks.front().body.nodes.size(), model.root().blocks.front().body.nodes.size());
}

TEST_F(BlocksTest, AProblemInsideABlock_IsShownOnTheInstanceAndOpensThere) {
  const NodeId block = makeBlock();
  doubleClick(block);
  model.apply(graph::setParam(document(), id("conv1"), "in_channels", int64_t{7}));
  model.leave();
  EXPECT_EQ(scene.item(block)->face().severity, Severity::Error);
  const auto& problems = model.prepared().diagnostics;
  const auto wrong =
      std::find_if(problems.begin(), problems.end(), [](const Diagnostic& d) { return d.param == "in_channels"; });
  ASSERT_NE(wrong, problems.end());
  page.showNode(wrong->node);
  EXPECT_TRUE(model.view().block);
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("conv1")});
  ASSERT_FALSE(wrong->fixes.empty());
  model.applyFix(Fix(wrong->fixes.front()));
  EXPECT_TRUE(model.prepared().ok());
}

TEST_F(BlocksTest, ASelectionThatCannotBeABlock_SaysWhy) {
  QString said;
  QObject::connect(&scene, &GraphScene::hinted, &scene, [&](const QString& text) { said = text; });
  scene.select({id("conv1"), id("pool1")});
  key(Qt::Key_B, Qt::ControlModifier);
  EXPECT_TRUE(said.contains("lies between")) << said.toStdString();
  EXPECT_TRUE(model.root().blocks.empty());
}

TEST_F(BlocksTest, Variables_AreAddedNamedAndUsedInFields) {
  scene.select({});
  QApplication::processEvents();
  forms::VariablesForm* form = page.form()->variables();
  ASSERT_NE(form, nullptr);
  QTest::mouseClick(form->addButton(), Qt::LeftButton);
  QApplication::processEvents();
  form = page.form()->variables();
  ASSERT_EQ(form->count(), 1);
  type(form->nameField(0), "width");
  type(page.form()->variables()->valueField(0), "3 * 4");
  EXPECT_EQ(model.root().variables.front().name, "width");
  EXPECT_EQ(model.root().variables.front().value, Attribute(int64_t{12}));
  scene.select({id("conv1")});
  QApplication::processEvents();
  type(page.form()->editor("out_channels")->findChild<QLineEdit*>(), "=width + 1");
  EXPECT_TRUE(scene.item(id("conv1"))->face().shape.contains(QStringLiteral("×13×")));
  bool told = false;
  for (const QLabel* label : page.form()->editor("out_channels")->findChildren<QLabel*>())
    told = told || label->text() == "= 13";
  EXPECT_TRUE(told);
  type(page.form()->editor("out_channels")->findChild<QLineEdit*>(), "=widht");
  bool wrong = false;
  for (const QLabel* label : page.form()->editor("out_channels")->findChildren<QLabel*>())
    wrong = wrong || label->text().contains("did you mean 'width'");
  EXPECT_TRUE(wrong);
  EXPECT_FALSE(model.prepared().ok());
}

TEST_F(BlocksTest, ACircleOfVariables_IsToldAtTheVariable) {
  model.apply({"Set", {graph::SetVariables{{{"a", Formula{"b"}, ""}, {"b", Formula{"a"}, ""}}}}});
  scene.select({});
  QApplication::processEvents();
  forms::VariablesForm* form = page.form()->variables();
  ASSERT_EQ(form->count(), 2);
  EXPECT_FALSE(form->result(0)->isHidden());
  EXPECT_FALSE(model.prepared().ok());
}

}  // namespace
}  // namespace netwright::editor
