// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters edited in the node, wires made by a list, problems repaired beside the node: all without leaving the
// canvas.
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>

#include "core/layers/registry.h"
#include "tests/widgets/editor/editor_test.h"
#include "widgets/editor/connect_list.h"
#include "widgets/editor/hint_label.h"
#include "widgets/editor/inline_editor.h"
#include "widgets/editor/problem_card.h"
#include "widgets/forms/param_form.h"
#include "widgets/forms/spec_editor.h"

namespace netwright::editor {
namespace {

class InlineTest : public EditorTest {
 protected:
  QPoint value(const char* name, size_t index) const { return at(scene.item(id(name))->valueRect(index).center()); }
  QLineEdit* field() const {
    return view.inlineEditor() ? qobject_cast<QLineEdit*>(view.inlineEditor()->field()) : nullptr;
  }
  void retype(const char* text) {
    ASSERT_NE(field(), nullptr);
    field()->selectAll();
    QTest::keyClicks(field(), text);
  }
};

TEST_F(InlineTest, LongNamesOfPortsLeaveRoomForTheValues) {
  scene.addLayer(*layers::findLayer("multihead_attention"), {0, 400}, std::nullopt);
  const NodeItem* item = scene.item(model.document().nodes.back().id);
  EXPECT_GT(item->valueRect(0).width(), 12);
  EXPECT_LT(item->valueRect(0).right(), item->sceneBody().right());
}

TEST_F(InlineTest, SecondClickOnAValue_EditsIt) {
  click(value("conv1", 0));
  EXPECT_EQ(view.inlineEditor(), nullptr) << "the first click chooses the node";
  click(value("conv1", 0));
  ASSERT_NE(field(), nullptr);
  EXPECT_EQ(field()->text(), "32");
  retype("48");
  QTest::keyClick(field(), Qt::Key_Return);
  EXPECT_EQ(node("conv1").params.at("out_channels"), Attribute(int64_t{48}));
  EXPECT_EQ(model.undoStack()->undoText(), "Change out_channels of conv1");
  QApplication::processEvents();
  EXPECT_EQ(view.inlineEditor(), nullptr);
  EXPECT_EQ(QApplication::focusWidget(), &view);
}

TEST_F(InlineTest, DragOnAValue_MovesTheNode) {
  click(value("conv1", 0));
  const graph::Point before = node("conv1").position;
  drag(value("conv1", 0), value("conv1", 0) + QPoint(0, 60));
  EXPECT_EQ(view.inlineEditor(), nullptr);
  EXPECT_NE(node("conv1").position, before);
}

TEST_F(InlineTest, F2AndTab_GoThroughTheValues) {
  click(body("conv1"));
  key(Qt::Key_F2);
  retype("24");
  QTest::keyClick(field(), Qt::Key_Tab);
  ASSERT_NE(field(), nullptr);
  EXPECT_EQ(field()->text(), "3");
  retype("5");
  QTest::keyClick(field(), Qt::Key_Tab);
  EXPECT_EQ(node("conv1").params.at("out_channels"), Attribute(int64_t{24}));
  EXPECT_EQ(scene.item(id("conv1"))->face().line, QString::fromUtf8("24 · 5×5"));
  EXPECT_EQ(QApplication::focusWidget(), &view) << "behind the last one the canvas has the keyboard";
}

TEST_F(InlineTest, IllegalText_StaysWithItsReasonAndEscapeDropsIt) {
  QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, value("conv1", 0));
  retype("-4");
  QTest::keyClick(field(), Qt::Key_Return);
  ASSERT_NE(field(), nullptr);
  EXPECT_EQ(view.inlineEditor()->problem(), "out_channels must be at least 1 but is -4.");
  QTest::keyClick(field(), Qt::Key_Escape);
  EXPECT_EQ(model.undoStack()->count(), 0);
}

TEST_F(InlineTest, Enter_GoesToTheFirstFieldThatIsTypedAndEscapeBack) {
  click(body("fc1"));
  key(Qt::Key_Return);
  auto* focus = QApplication::focusWidget();
  ASSERT_NE(focus, nullptr);
  EXPECT_TRUE(page.form()->editor("out_features")->isAncestorOf(focus)) << "in_features comes from the wire";
  QTest::keyClick(focus, Qt::Key_Escape);
  EXPECT_EQ(QApplication::focusWidget(), &view);
}

TEST_F(InlineTest, Connect_ByAListOfPorts) {
  model.apply(graph::disconnect(*document().wireInto({id("relu1"), "x"})));
  click(body("conv1"));
  key(Qt::Key_C);
  ASSERT_NE(view.connectList(), nullptr);
  EXPECT_EQ(view.connectList()->list()->item(0)->text(), QString::fromUtf8("→  relu1")) << "free ends come first";
  QTest::keyClicks(view.connectList()->field(), "relu1");
  QTest::keyClick(view.connectList()->field(), Qt::Key_Return);
  EXPECT_TRUE(wired("conv1", "relu1"));
  EXPECT_EQ(model.undoStack()->undoText(), "Connect relu1");
}

TEST_F(InlineTest, PossibleWires_CloseNoCycleAndRepeatNone) {
  for (const graph::Wire& w : possibleWires(graph::viewOf(document()), id("relu1"))) {
    EXPECT_FALSE(graph::wouldCycle(document(), w));
    const graph::Wire* old = document().wireInto(w.to);
    EXPECT_FALSE(old && *old == w);
    graph::Document draft = document();
    EXPECT_NO_THROW(graph::apply(draft, graph::connect(document(), w)));
  }
}

TEST_F(InlineTest, Badge_ShowsTheProblemsAndTheirFixes) {
  model.apply(graph::setParam(document(), id("fc1"), "in_features", int64_t{784}));
  click(at(scene.item(id("fc1"))->badgeRect().center()));
  ASSERT_NE(view.problemCard(), nullptr);
  EXPECT_EQ(view.problemCard()->count(), 1);
  QTest::mouseClick(view.problemCard()->findChild<QPushButton*>(), Qt::LeftButton);
  QApplication::processEvents();
  EXPECT_TRUE(model.prepared().ok());
  EXPECT_EQ(view.problemCard(), nullptr) << "it closes when it is repaired";
}

TEST_F(InlineTest, Problems_ByKey) {
  click(body("fc2"));
  key(Qt::Key_Period, Qt::ControlModifier);
  EXPECT_EQ(view.hint()->text(), "Nothing is wrong with fc2.");
  model.apply(graph::setParam(document(), id("fc2"), "in_features", int64_t{3}));
  key(Qt::Key_Period, Qt::ControlModifier);
  ASSERT_NE(view.problemCard(), nullptr);
  view.problemCard()->close();
}

TEST_F(InlineTest, AltArrows_WalkAlongAndBetweenBranches) {
  model.apply({"Branch", {graph::AddNode{layers::newNode(*layers::findLayer("relu"), document(), {900, 300})}}});
  const NodeId branch = document().nodes.back().id;
  model.apply(graph::connect(document(), {{id("conv1"), "y"}, {branch, "x"}}));
  click(body("conv1"));
  key(Qt::Key_Right, Qt::AltModifier);
  const NodeId first = scene.selectedNodes().front();
  key(Qt::Key_Down, Qt::AltModifier);
  const NodeId second = scene.selectedNodes().front();
  EXPECT_NE(first, second);
  EXPECT_TRUE(second == branch || first == branch);
  key(Qt::Key_Down, Qt::AltModifier);
  EXPECT_EQ(scene.selectedNodes().front(), first);
  key(Qt::Key_Left, Qt::AltModifier);
  EXPECT_EQ(scene.selectedNodes().front(), id("conv1"));
}

TEST_F(InlineTest, KeyboardAlone_BuildsABranchAndSetsItsNumbers) {
  clearGraph();
  for (const char* words : {"input", "nn.Linear", "output"}) {
    view.setFocus();
    key(Qt::Key_Space);
    addByName(words);
  }
  scene.clearSelection();
  key(Qt::Key_Tab);  // input1
  key(Qt::Key_Tab);  // fc1
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("fc1")});
  key(Qt::Key_F2);
  retype("7");
  QTest::keyClick(field(), Qt::Key_Return);
  EXPECT_EQ(node("fc1").params.at("out_features"), Attribute(int64_t{7}));
  scene.clearSelection();
  key(Qt::Key_Space);
  addByName("relu");
  EXPECT_EQ(document().wireInto({id("relu1"), "x"}), nullptr) << "nothing was chosen: it is loose";
  key(Qt::Key_C);
  QTest::keyClicks(view.connectList()->field(), "fc1");
  QTest::keyClick(view.connectList()->field(), Qt::Key_Return);
  EXPECT_TRUE(wired("fc1", "relu1"));
  key(Qt::Key_C);
  QTest::keyClicks(view.connectList()->field(), "output1");
  QTest::keyClick(view.connectList()->field(), Qt::Key_Return);
  EXPECT_TRUE(wired("relu1", "output1"));
  EXPECT_TRUE(scene.wireItem(*document().wireInto({id("output1"), "x"}))->text().endsWith(QString::fromUtf8("×7")));
}

}  // namespace
}  // namespace netwright::editor
