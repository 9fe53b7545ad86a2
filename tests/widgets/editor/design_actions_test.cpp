// SPDX-License-Identifier: GPL-3.0-or-later
// The actions of the page, what they do to several layers, costs, and pictures.
#include "widgets/editor/design_actions.h"

#include <QDropEvent>
#include <QFile>
#include <QImage>
#include <QMimeData>
#include <QSignalSpy>
#include <set>

#include "core/base/error.h"
#include "tests/widgets/editor/editor_test.h"
#include "widgets/editor/picture.h"
#include "widgets/forms/param_form.h"
#include "widgets/forms/spec_editor.h"

namespace netwright::editor {
namespace {

TEST_F(EditorTest, Actions_HaveAnIdATextAToolTipAndKeysOfTheirOwn) {
  std::set<QString> ids, keys;
  for (const QAction* action : page.pageActions()) {
    EXPECT_TRUE(action->objectName().startsWith("design."));
    EXPECT_TRUE(ids.insert(action->objectName()).second) << action->objectName().toStdString();
    EXPECT_FALSE(action->text().isEmpty());
    EXPECT_FALSE(action->toolTip().isEmpty());
    for (const QKeySequence& k : action->shortcuts())
      EXPECT_TRUE(keys.insert(k.toString()).second) << k.toString().toStdString();
  }
  EXPECT_GE(ids.size(), 30u);
}

TEST_F(EditorTest, Actions_AreEnabledAsTheSelectionAllows) {
  EXPECT_FALSE(page.actions()["align-left"]->isEnabled());
  EXPECT_FALSE(page.actions()["copy"]->isEnabled());
  key(Qt::Key_A, Qt::ControlModifier);
  EXPECT_TRUE(page.actions()["align-left"]->isEnabled());
  EXPECT_TRUE(page.actions()["distribute-vertically"]->isEnabled());
  model.close();
  EXPECT_FALSE(page.actions()["add"]->isEnabled());
  EXPECT_FALSE(page.actions()["fit"]->isEnabled());
}

TEST_F(EditorTest, AlignByKeys_IsOneUndoStep) {
  click(body("conv1"));
  click(body("fc1"), Qt::ControlModifier);
  const double left = std::min(node("conv1").position.x, node("fc1").position.x);
  key(Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(node("conv1").position.x, left);
  EXPECT_EQ(node("fc1").position.x, left);
  EXPECT_EQ(model.undoStack()->count(), 1);
  EXPECT_EQ(model.undoStack()->undoText(), "Align 2 layers");
}

TEST_F(EditorTest, Freeze_LeavesWeightsOfTheChosenLayersAsTheyAre) {
  scene.select({id("conv1"), id("fc1")});
  view.setFocus();
  key(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(model.project().run.frozen, (std::vector<std::string>{"conv1.*", "fc1.*"}));
  EXPECT_TRUE(scene.item(id("conv1"))->face().cost.startsWith("frozen"));
  EXPECT_FALSE(scene.item(id("conv2"))->face().cost.startsWith("frozen"));
  scene.select({id("fc1")});
  page.actions()["freeze"]->trigger();
  EXPECT_EQ(model.project().run.frozen, std::vector<std::string>{"conv1.*"});
  EXPECT_EQ(model.undoStack()->undoText(), "Train fc1 again");
  model.undoStack()->undo();
  model.undoStack()->undo();
  EXPECT_TRUE(model.project().run.frozen.empty());
  EXPECT_FALSE(scene.item(id("conv1"))->face().cost.startsWith("frozen"));
}

TEST_F(EditorTest, ArrangeSelection_LeavesTheOthers) {
  graph::Edit mess{"Mess", {}};
  for (const char* name : {"fc1", "relu3", "fc2"}) mess.steps.push_back(graph::Move{id(name), {50, 900}});
  model.apply(mess);
  const graph::Document before = document();
  scene.select({id("fc1"), id("relu3"), id("fc2")});
  page.actions()["arrange-selection"]->trigger();
  EXPECT_LT(node("fc1").position.x, node("relu3").position.x);
  EXPECT_LT(node("relu3").position.x, node("fc2").position.x);
  EXPECT_EQ(node("conv1").position, before.findByName("conv1")->position);
  EXPECT_EQ(model.undoStack()->undoText(), "Arrange 3 layers");
}

TEST_F(EditorTest, Snap_CanBeSwitchedOff) {
  page.actions()["snap"]->trigger();
  drag(body("fc1"), body("fc1") + QPoint(33, 27));
  const graph::Point moved = node("fc1").position;
  EXPECT_TRUE(std::fmod(moved.x, 10) != 0 || std::fmod(moved.y, 10) != 0) << moved.x << " " << moved.y;
  page.actions()["snap"]->trigger();
  EXPECT_TRUE(scene.snaps());
}

TEST_F(EditorTest, SelectAll_TellsItsListenersOnce) {
  QSignalSpy changes(&scene, &QGraphicsScene::selectionChanged);
  key(Qt::Key_A, Qt::ControlModifier);
  EXPECT_EQ(changes.count(), 1);
}

TEST_F(EditorTest, Costs_AreThoseOfTheChosenBatch) {
  const NodeFace& face = scene.item(id("conv1"))->face();
  auto* batch = page.form()->findChild<QLineEdit*>();
  ASSERT_NE(batch, nullptr);
  EXPECT_EQ(page.form()->costBatch(), model.project().run.batchSize) << "the run's, to begin with";
  batch->setFocus();
  batch->selectAll();
  QTest::keyClicks(batch, "1");
  QTest::keyClick(batch, Qt::Key_Return);
  EXPECT_EQ(scene.costBatch(), 1);
  const QString one = face.cost, memory = face.memory;
  EXPECT_TRUE(one.startsWith("320 params")) << one.toStdString();
  EXPECT_TRUE(one.endsWith("MAC")) << one.toStdString();
  EXPECT_FALSE(memory.isEmpty());
  batch->selectAll();
  QTest::keyClicks(batch, "1000");
  QTest::keyClick(batch, Qt::Key_Return);
  EXPECT_NE(face.cost, one);
  EXPECT_NE(face.memory, memory);
  EXPECT_TRUE(face.cost.startsWith("320 params"));
  EXPECT_EQ(model.undoStack()->count(), 0) << "a question, not a setting";
  model.close();
  EXPECT_EQ(page.form()->costBatch(), 64) << "the default of a run, without a project";
}

TEST_F(EditorTest, Picture_PngAndSvgShowEveryNode) {
  const QString png = sample.folder.filePath("a.png"), svg = sample.folder.filePath("a.svg");
  scene.select({id("conv1")});
  savePicture(scene, png);
  const QImage image(png);
  const QRectF content = scene.contentRect();
  EXPECT_NEAR(image.width(), 2 * (content.width() + 48), 3);
  EXPECT_NEAR(image.height(), 2 * (content.height() + 48), 3);
  savePicture(scene, svg);
  QFile file(svg);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  const QString text = QString::fromUtf8(file.readAll());
  EXPECT_TRUE(text.contains("<svg"));
  for (const graph::Node& n : document().nodes)
    EXPECT_TRUE(text.contains('>' + QString::fromStdString(n.name))) << n.name;
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("conv1")}) << "the selection is as it was";
}

TEST_F(EditorTest, Picture_OfTheSelectionHoldsNothingElse) {
  scene.select({id("conv1"), id("relu1")});
  const QImage part = drawPicture(scene, {.selectionOnly = true, .scale = 1});
  EXPECT_LT(part.width(), 600);
  EXPECT_TRUE(scene.item(id("fc1"))->isVisible());
  EXPECT_EQ(scene.selectedNodes().size(), 2u);
}

TEST_F(EditorTest, Picture_SaysWhatIsWrong) {
  EXPECT_THROW(savePicture(scene, sample.folder.filePath("a.gif")), Error);
  EXPECT_THROW(savePicture(scene, sample.folder.filePath("no/such/folder/a.png")), Error);
  clearGraph();
  EXPECT_THROW(savePicture(scene, sample.folder.filePath("b.png")), Error);
}

TEST_F(EditorTest, DroppedText_PastesThere) {
  const QString text = copyText(graph::viewOf(document()), {id("conv1"), id("relu1")});
  QMimeData data;
  data.setText(text);
  const QPoint place(120, 90);
  QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(view.viewport(), &enter);
  EXPECT_TRUE(enter.isAccepted());
  QDropEvent drop(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(view.viewport(), &drop);
  EXPECT_EQ(document().nodes.size(), 14u);
}

TEST_F(EditorTest, DroppedFiles_AreLeftToTheWindow) {
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile("/tmp/a.csv")});
  QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(view.viewport(), &enter);
  EXPECT_FALSE(enter.isAccepted());
}

}  // namespace
}  // namespace netwright::editor
