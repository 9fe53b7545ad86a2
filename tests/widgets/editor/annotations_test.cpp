// SPDX-License-Identifier: GPL-3.0-or-later
// Frames and notes on the canvas.
#include "widgets/editor/annotations.h"

#include <QPlainTextEdit>

#include "core/project/project.h"
#include "tests/widgets/editor/editor_test.h"
#include "widgets/editor/annotation_item.h"
#include "widgets/editor/inline_editor.h"

namespace netwright::editor {
namespace {

class AnnotationTest : public EditorTest {
 protected:
  // A frame round conv1 and relu1, called Encoder.
  void makeFrame() {
    click(body("conv1"));
    click(body("relu1"), Qt::ControlModifier);
    key(Qt::Key_G, Qt::ControlModifier);
    ASSERT_NE(view.inlineEditor(), nullptr);
    type("Encoder");
    QTest::keyClick(view.inlineEditor()->field(), Qt::Key_Return);
    QApplication::processEvents();
    ASSERT_EQ(document().annotations.size(), 1u);
  }
  void type(const char* text) {
    auto* field = qobject_cast<QLineEdit*>(view.inlineEditor()->field());
    if (field) field->selectAll();
    QTest::keyClicks(view.inlineEditor()->field(), text);
  }
  const graph::Annotation& only() const { return document().annotations.front(); }
  QPoint title() const { return at(scene.annotationItem(only().id)->sceneBody().topLeft() + QPointF(60, 14)); }
  QPoint corner() const { return at(scene.annotationItem(only().id)->sceneBody().bottomRight() - QPointF(5, 5)); }
};

TEST_F(AnnotationTest, Frame_IsPutRoundTheSelectionAndNamed) {
  makeFrame();
  EXPECT_EQ(only().kind, graph::Annotation::Kind::Frame);
  EXPECT_EQ(only().text, "Encoder");
  EXPECT_TRUE(rectOf(only()).contains(scene.item(id("conv1"))->sceneBody()));
  EXPECT_TRUE(rectOf(only()).contains(scene.item(id("relu1"))->sceneBody()));
  EXPECT_EQ(model.undoStack()->undoText(), "Rename frame Frame");
  EXPECT_EQ(QApplication::focusWidget(), &view);
  key(Qt::Key_Z, Qt::ControlModifier);
  key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_TRUE(document().annotations.empty());
}

TEST_F(AnnotationTest, Frame_MovesWhatLiesInIt) {
  makeFrame();
  const graph::Document before = document();
  drag(title(), title() + QPoint(0, 70));
  const double by = only().position.y - before.annotations.front().position.y;
  EXPECT_GT(by, 40);
  for (const char* name : {"conv1", "relu1"})
    EXPECT_EQ(node(name).position.y - before.findByName(name)->position.y, by) << name;
  EXPECT_EQ(node("fc1").position, before.findByName("fc1")->position);
  EXPECT_EQ(model.undoStack()->undoText(), "Move frame Encoder");
  key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(document(), before);
  click(title());
  key(Qt::Key_Right);
  key(Qt::Key_Right);
  EXPECT_EQ(node("conv1").position.x - before.findByName("conv1")->position.x, 20) << "by keys, too";
  key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(document(), before) << "as one step";
}

TEST_F(AnnotationTest, Frame_LetsTheNodesAndTheRubberBandThrough) {
  makeFrame();
  click(body("conv1"));
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("conv1")});
  EXPECT_TRUE(scene.selectedAnnotations().empty());
}

TEST_F(AnnotationTest, Frame_IsResizedAtItsCorner) {
  makeFrame();
  const graph::Point size = only().size, place = only().position;
  click(title());
  drag(corner(), corner() + QPoint(40, 50));
  EXPECT_GT(only().size.x, size.x);
  EXPECT_GT(only().size.y, size.y);
  EXPECT_EQ(only().position, place);
  EXPECT_EQ(model.undoStack()->undoText(), "Resize frame Encoder");
}

TEST_F(AnnotationTest, Delete_TakesTheFrameAndLeavesTheLayers) {
  makeFrame();
  click(title());
  key(Qt::Key_Delete);
  EXPECT_TRUE(document().annotations.empty());
  EXPECT_EQ(document().nodes.size(), 12u);
  EXPECT_EQ(model.undoStack()->undoText(), "Delete frame Encoder");
}

TEST_F(AnnotationTest, Colour_OfTheSelection) {
  makeFrame();
  click(title());
  scene.setAnnotationColour("green");
  EXPECT_EQ(only().colour, "green");
  EXPECT_EQ(model.undoStack()->undoText(), "Colour frame Encoder");
}

TEST_F(AnnotationTest, Note_IsWrittenInPlaceAndGrows) {
  key(Qt::Key_N);
  ASSERT_NE(view.inlineEditor(), nullptr);
  auto* field = qobject_cast<QPlainTextEdit*>(view.inlineEditor()->field());
  ASSERT_NE(field, nullptr);
  field->setPlainText("# Plan\n\n- one\n- two\n- three\n- four\n- five\n- six");
  QTest::keyClick(field, Qt::Key_Return, Qt::ControlModifier);
  QApplication::processEvents();
  ASSERT_EQ(document().annotations.size(), 1u);
  EXPECT_EQ(only().kind, graph::Annotation::Kind::Note);
  EXPECT_TRUE(only().text.starts_with("# Plan"));
  EXPECT_GE(only().size.y, scene.annotationItem(only().id)->neededHeight());
  EXPECT_EQ(model.undoStack()->undoText(), "Write note");
  EXPECT_FALSE(view.grab().isNull());
}

TEST_F(AnnotationTest, Escape_KeepsTheOldText) {
  makeFrame();
  QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, title());
  ASSERT_NE(view.inlineEditor(), nullptr);
  type("Other");
  QTest::keyClick(view.inlineEditor()->field(), Qt::Key_Escape);
  QApplication::processEvents();
  EXPECT_EQ(only().text, "Encoder");
}

TEST_F(AnnotationTest, SaveAndOpen_KeepThem) {
  makeFrame();
  const graph::Document before = document();
  model.save();
  model.open(model.folder());
  EXPECT_EQ(document(), before);
  EXPECT_TRUE(model.prepared().ok()) << "lowering does not see them";
  const std::string text = project::toText(model.project());
  EXPECT_NE(text.find("\n      {\"id\":1,\"kind\":\"frame\",\"text\":\"Encoder\""), std::string::npos)
      << "each on a line of its own";
}

TEST_F(AnnotationTest, Arrange_TakesFramesAlong) {
  makeFrame();
  model.apply({"Away", {graph::Move{id("conv1"), {3000, 2000}}, graph::Move{id("relu1"), {3300, 2100}}}});
  graph::Annotation frame = only();
  frame.position = {2950, 1900};
  frame.size = {700, 500};
  model.apply(changeAnnotation(document(), frame, "Move %1"));
  const int steps = model.undoStack()->count();
  page.actions()["arrange"]->trigger();
  EXPECT_TRUE(rectOf(only()).contains(scene.item(id("conv1"))->sceneBody()));
  EXPECT_TRUE(rectOf(only()).contains(scene.item(id("relu1"))->sceneBody()));
  EXPECT_LT(only().position.x, 1500);
  EXPECT_EQ(model.undoStack()->count(), steps + 1);
}

TEST_F(AnnotationTest, Note_ReadsNoFiles) {
  graph::Annotation note = noteAt(document(), {0, 300});
  note.text = "![](file:///dev/random)\n\n<img src=\"/dev/random\">";
  model.apply(addAnnotation(note));
  EXPECT_FALSE(view.grab().isNull());
}

}  // namespace
}  // namespace netwright::editor
