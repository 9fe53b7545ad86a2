// SPDX-License-Identifier: GPL-3.0-or-later
// Random work on the canvas, taken back and done again: the file is the same to the byte.
#include <QClipboard>
#include <random>

#include "core/layers/registry.h"
#include "core/project/project.h"
#include "tests/widgets/editor/editor_test.h"
#include "widgets/editor/annotation_item.h"
#include "widgets/editor/annotations.h"

namespace netwright::editor {
namespace {

class UndoFuzz : public EditorTest, public ::testing::WithParamInterface<unsigned> {
 protected:
  std::mt19937 random{GetParam()};

  size_t below(size_t limit) { return std::uniform_int_distribution<size_t>(0, limit - 1)(random); }
  QPointF place() { return {static_cast<double>(below(2000)), static_cast<double>(below(1200))}; }
  void choose() {
    std::vector<NodeId> nodes;
    std::vector<int64_t> annotations;
    for (const graph::Node& n : document().nodes)
      if (below(5) == 0) nodes.push_back(n.id);
    for (const graph::Annotation& a : document().annotations)
      if (below(3) == 0) annotations.push_back(a.id);
    scene.select(nodes, annotations);
  }
  void addLayer() {
    const auto& all = layers::registry();
    const layers::LayerSpec& layer = all[below(all.size())];
    if (layer.category == layers::Category::Loss) return;
    if (below(2))
      scene.addLayerBesideSelection(layer, place());
    else
      scene.dropLayer(layer, place());
  }
  void connect() {
    if (document().nodes.size() < 2) return;
    const graph::Node& a = document().nodes[below(document().nodes.size())];
    const graph::Node& b = document().nodes[below(document().nodes.size())];
    scene.send(graph::connect(document(), {{a.id, "y"}, {b.id, "x"}}));  // some are refused
  }
  void setParam() {
    if (document().nodes.empty()) return;
    const graph::Node& n = document().nodes[below(document().nodes.size())];
    if (n.params.empty()) return;
    const auto it = std::next(n.params.begin(), static_cast<long>(below(n.params.size())));
    scene.send(graph::setParam(document(), n.id, it->first, static_cast<int64_t>(below(9))));
  }
  void dragSelected() {
    const auto nodes = scene.selectedNodes();
    if (nodes.empty()) return;
    view.centreOn(nodes.front());
    const QPoint grip = at(scene.item(nodes.front())->sceneBody().topLeft() + QPointF(80, 12));
    drag(grip, grip + QPoint(static_cast<int>(below(200)) - 100, static_cast<int>(below(200)) - 100));
  }
  void step() {
    if (below(2)) choose();
    switch (below(16)) {
      case 0:
      case 1:
        return addLayer();
      case 2:
        return connect();
      case 3:
        return setParam();
      case 4:
        return scene.removeSelection();
      case 5:
        return scene.duplicateSelection();
      case 6:
        scene.copySelection(below(2));
        return scene.pasteClipboard(place());
      case 7:
        return scene.moveSelection(QPointF(10, -20));
      case 8:
        scene.addFrame(place());
        return;
      case 9:
        scene.addNote(place());
        return;
      case 10:
        return scene.setAnnotationColour("red");
      case 11:
        return scene.align(static_cast<Align>(below(6)));
      case 12:
        return scene.distribute(below(2));
      case 13:
        return scene.arrange({800, 600}, below(2));
      case 14:
        if (!document().annotations.empty())
          scene.setAnnotationText(document().annotations[below(document().annotations.size())].id,
                                  QString("Text %1").arg(below(100)));
        return;
      default:
        return dragSelected();
    }
  }
};

TEST_P(UndoFuzz, UndoAllAndRedoAllGiveTheSameFile) {
  QApplication::clipboard()->clear();
  const std::string start = project::toText(model.project());
  for (int i = 0; i < 120; ++i) {
    step();
    ASSERT_EQ(scene.nodeItems().size(), document().nodes.size());
    ASSERT_EQ(scene.annotationItems().size(), document().annotations.size());
    if (document().nodes.size() > 80) {
      scene.selectAll();
      scene.removeSelection();
    }
  }
  const std::string end = project::toText(model.project());
  EXPECT_GT(model.undoStack()->count(), 20);
  for (int i = 0; i < model.undoStack()->count(); ++i) EXPECT_FALSE(model.undoStack()->text(i).isEmpty());
  model.undoStack()->setIndex(0);
  EXPECT_EQ(project::toText(model.project()), start);
  model.undoStack()->setIndex(model.undoStack()->count());
  EXPECT_EQ(project::toText(model.project()), end);
  EXPECT_EQ(project::toText(project::fromText(end, "p")), end);
}

INSTANTIATE_TEST_SUITE_P(Seeds, UndoFuzz, ::testing::Range(1u, 7u));

}  // namespace
}  // namespace netwright::editor
