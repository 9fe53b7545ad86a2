// SPDX-License-Identifier: GPL-3.0-or-later
// Copy, paste and duplicate on the canvas. They go through text.
#include <QClipboard>
#include <QSignalSpy>

#include "core/project/project.h"
#include "tests/widgets/editor/editor_test.h"
#include "widgets/editor/annotation_item.h"
#include "widgets/editor/hint_label.h"

namespace netwright::editor {
namespace {

TEST_F(EditorTest, CopyAndPaste_GoThroughText) {
  click(body("conv1"));
  click(body("relu1"), Qt::ControlModifier);
  key(Qt::Key_C, Qt::ControlModifier);
  const QString text = QApplication::clipboard()->text();
  EXPECT_TRUE(text.startsWith("{\n  \"netwright_graph\": 1")) << text.toStdString();
  key(Qt::Key_V, Qt::ControlModifier);
  ASSERT_EQ(document().nodes.size(), 14u);
  const auto pasted = scene.selectedNodes();
  ASSERT_EQ(pasted.size(), 2u);
  EXPECT_EQ(document().wireInto({pasted[1], "x"})->from.node, pasted[0]);
  EXPECT_EQ(document().find(pasted[0])->params, node("conv1").params);
  EXPECT_EQ(document().find(pasted[0])->name, "conv3");
  key(Qt::Key_C, Qt::ControlModifier);
  EXPECT_NE(QApplication::clipboard()->text(), text);
}

TEST_F(EditorTest, Paste_SaysWhatIsWrongWithTheClipboard) {
  QSignalSpy hints(&scene, &GraphScene::hinted);
  const std::pair<const char*, const char*> cases[] = {
      {"", "The clipboard is empty. Choose layers and copy them with Ctrl+C first."},
      {"hello", "The clipboard holds text, but no layers. Choose layers and copy them with Ctrl+C first."},
      {R"({"nodes": []})",
       "The clipboard holds JSON, but no layers of Netwright. Copy layers with Ctrl+C, or a project.json."},
      {"[1, 2]", "The clipboard holds JSON, but no layers of Netwright. Copy layers with Ctrl+C, or a project.json."},
      {R"({"netwright_graph": 1, "nodes": [{"id": "x"}]})",
       "The copied layers cannot be read: The clipboard: node 1: 'id' should be a whole number but is \"x\"."},
      {R"({"netwright_graph": 1, "nodes": []})", "The clipboard holds layers of Netwright, but their list is empty."},
      {R"({"netwright_graph": 7, "nodes": []})",
       "The clipboard holds layers of a newer version of Netwright (7, this one knows 1). Update it."}};
  for (const auto& [text, message] : cases) {
    QApplication::clipboard()->setText(text);
    key(Qt::Key_V, Qt::ControlModifier);
    EXPECT_EQ(hints.last().first().toString(), message) << text;
    EXPECT_EQ(view.hint()->text(), message);
  }
  QApplication::clipboard()->setText(R"({"netwright_graph": 1, "nodes": [{"id": 3, "ki)");
  key(Qt::Key_V, Qt::ControlModifier);
  EXPECT_TRUE(hints.last().first().toString().startsWith("The copied layers cannot be read: ")) << "cut off";
  EXPECT_EQ(document().nodes.size(), 12u);
  EXPECT_EQ(model.undoStack()->count(), 0);
}

TEST_F(EditorTest, Paste_TakesAWholeProject) {
  QApplication::clipboard()->setText(QString::fromStdString(project::toText(model.project())));
  clearGraph();
  key(Qt::Key_V, Qt::ControlModifier);
  EXPECT_EQ(document().nodes.size(), 12u);
  EXPECT_TRUE(wired("conv1", "relu1"));
  EXPECT_TRUE(model.prepared().ok());
}

TEST_F(EditorTest, CopyAndPaste_TakeFramesAndNotesAlong) {
  model.apply(
      {"Add", {graph::AddAnnotation{{1, graph::Annotation::Kind::Note, "*why*", "red", {0, 300}, {200, 80}, ""}}}});
  click(body("fc1"));
  scene.annotationItem(1)->setSelected(true);
  key(Qt::Key_C, Qt::ControlModifier);
  key(Qt::Key_V, Qt::ControlModifier);
  ASSERT_EQ(document().annotations.size(), 2u);
  EXPECT_EQ(document().annotations[1].text, "*why*");
  EXPECT_EQ(document().annotations[1].colour, "red");
  EXPECT_EQ(scene.selectedAnnotations(), std::vector<int64_t>{document().annotations[1].id});
  EXPECT_EQ(model.undoStack()->undoText(), "Paste 2 items");
}

TEST_F(EditorTest, Duplicate_KeepsTheClipboard) {
  QApplication::clipboard()->setText("mine");
  click(body("fc1"));
  key(Qt::Key_D, Qt::ControlModifier);
  EXPECT_TRUE(id("fc3"));
  EXPECT_EQ(QApplication::clipboard()->text(), "mine");
}

}  // namespace
}  // namespace netwright::editor
