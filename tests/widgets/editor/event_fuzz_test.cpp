// SPDX-License-Identifier: GPL-3.0-or-later
// Raw mouse and key events in any order on the canvas and on what opens over it: nothing breaks, and all of it can be
// taken back. 3,200 events; with NW_EVENTS (./test --long, tests/sanitize asan-window) so many.
#include <cstdlib>
#include <random>

#include "core/project/project.h"
#include "tests/widgets/editor/editor_test.h"
#include "widgets/editor/annotation_item.h"

namespace netwright::editor {
namespace {

constexpr unsigned kSeeds = 4;

int eventsPerSeed() {
  const char* given = std::getenv("NW_EVENTS");
  return (given ? std::atoi(given) : 3200) / static_cast<int>(kSeeds);
}

class EventFuzz : public EditorTest, public ::testing::WithParamInterface<unsigned> {
 protected:
  std::mt19937 random{GetParam()};
  bool held = false;

  size_t below(size_t limit) { return std::uniform_int_distribution<size_t>(0, limit - 1)(random); }

  // Mostly at nodes, ports and annotations: empty canvas is met often enough.
  QPoint place() {
    const QPoint anywhere(static_cast<int>(below(static_cast<size_t>(view.viewport()->width()))),
                          static_cast<int>(below(static_cast<size_t>(view.viewport()->height()))));
    const auto& nodes = document().nodes;
    const auto& annotations = document().annotations;
    switch (below(6)) {
      case 0:
      case 1:
        if (nodes.empty()) return anywhere;
        return at(scene.item(nodes[below(nodes.size())].id)->sceneBody().topLeft() +
                  QPointF(static_cast<double>(below(180)), static_cast<double>(below(90))));
      case 2:
        if (nodes.empty()) return anywhere;
        return at(scene.item(nodes[below(nodes.size())].id)->portPosition(below(2), "x"));
      case 3:
        if (annotations.empty()) return anywhere;
        return at(scene.annotationItem(annotations[below(annotations.size())].id)->sceneBody().topLeft() +
                  QPointF(40, 12));
      default:
        return anywhere;
    }
  }
  QWidget* target() {
    if (QWidget* popup = QApplication::activePopupWidget()) return popup->focusWidget() ? popup->focusWidget() : popup;
    QWidget* focus = QApplication::focusWidget();
    return focus && page.isAncestorOf(focus) ? focus : &view;
  }
  void keyEvent() {
    struct Stroke {
      Qt::Key key;
      Qt::KeyboardModifiers modifiers = {};
    };
    constexpr auto kControl = Qt::ControlModifier, kShift = Qt::ShiftModifier;
    static const Stroke strokes[] = {{Qt::Key_Space},
                                     {Qt::Key_Return},
                                     {Qt::Key_Escape},
                                     {Qt::Key_Tab},
                                     {Qt::Key_Backtab},
                                     {Qt::Key_Delete},
                                     {Qt::Key_C},
                                     {Qt::Key_N},
                                     {Qt::Key_F2},
                                     {Qt::Key_F},
                                     {Qt::Key_M},
                                     {Qt::Key_F3},
                                     {Qt::Key_3},
                                     {Qt::Key_R},
                                     {Qt::Key_Left},
                                     {Qt::Key_Down},
                                     {Qt::Key_Z, kControl},
                                     {Qt::Key_Y, kControl},
                                     {Qt::Key_C, kControl},
                                     {Qt::Key_V, kControl},
                                     {Qt::Key_X, kControl},
                                     {Qt::Key_D, kControl},
                                     {Qt::Key_A, kControl},
                                     {Qt::Key_G, kControl},
                                     {Qt::Key_L, kControl},
                                     {Qt::Key_F, kControl},
                                     {Qt::Key_Period, kControl},
                                     {Qt::Key_Return, kControl},
                                     {Qt::Key_F, kShift},
                                     {Qt::Key_Plus, kControl},
                                     {Qt::Key_Minus, kControl},
                                     {Qt::Key_Right, Qt::AltModifier},
                                     {Qt::Key_Up, Qt::AltModifier}};
    const Stroke& stroke = strokes[below(std::size(strokes))];
    QTest::keyClick(target(), stroke.key, stroke.modifiers);
  }
  void mouseEvent() {
    const QPoint p = place();
    switch (below(held ? 3 : 4)) {
      case 0:
        if (!held) press(p);
        held = true;
        return;
      case 1:
        if (held) release(p);
        held = false;
        return;
      case 2:
        return move(p);
      default:
        QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, p);
    }
  }
};

TEST_P(EventFuzz, NothingBreaksAndAllIsTakenBack) {
  const std::string start = project::toText(model.project());
  const int events = eventsPerSeed();
  for (int i = 0; i < events; ++i) {
    if (QWidget* popup = QApplication::activePopupWidget(); popup && below(4) == 0) popup->close();
    if (below(3) == 0 || QApplication::activePopupWidget())
      keyEvent();
    else
      mouseEvent();
    if (i % 16 == 0) QApplication::processEvents();
    ASSERT_EQ(scene.nodeItems().size(), document().nodes.size()) << i;
    ASSERT_EQ(scene.annotationItems().size(), document().annotations.size()) << i;
    if (document().nodes.size() > 60) model.undoStack()->setIndex(0);
  }
  while (QWidget* popup = QApplication::activePopupWidget()) popup->close();
  if (held) release(QPoint(3, 3));
  view.setFocus();
  QApplication::processEvents();
  model.undoStack()->setIndex(0);
  EXPECT_EQ(project::toText(model.project()), start);
}

INSTANTIATE_TEST_SUITE_P(Seeds, EventFuzz, ::testing::Range(1u, kSeeds + 1));

}  // namespace
}  // namespace netwright::editor
