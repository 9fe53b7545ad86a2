// SPDX-License-Identifier: GPL-3.0-or-later
// Zoom, pan, fit, the map, and going to what was found.
#include <QNativeGestureEvent>
#include <QPointingDevice>
#include <QScrollBar>
#include <QSignalSpy>

#include "tests/widgets/editor/editor_test.h"
#include "widgets/editor/canvas_settings.h"
#include "widgets/editor/find_bar.h"
#include "widgets/editor/minimap.h"
#include "widgets/editor/palette.h"

namespace netwright::editor {
namespace {

class ViewingTest : public EditorTest {
 protected:
  const QPointF place{200, 150};

  void TearDown() override {
    view.setWheelZooms(false);
    view.minimap()->setWanted(true);
  }
  void wheel(QPoint angle, Qt::KeyboardModifiers modifiers = {}, QPoint pixels = {}) {
    QWheelEvent event(place, view.viewport()->mapToGlobal(place), pixels, angle, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(view.viewport(), &event);
  }
  QPointF shown() const { return view.mapToScene(QPoint(0, 0)); }
};

TEST_F(ViewingTest, ControlWheel_ZoomsUnderThePointerWithinLimits) {
  const QPointF before = view.mapToScene(place.toPoint());
  wheel({0, 120}, Qt::ControlModifier);
  EXPECT_GT(view.zoom(), 0.8);
  EXPECT_LT(QLineF(before, view.mapToScene(place.toPoint())).length(), 3);
  for (int i = 0; i < 60; ++i) wheel({0, 120}, Qt::ControlModifier);
  EXPECT_DOUBLE_EQ(view.zoom(), 4);
  for (int i = 0; i < 90; ++i) wheel({0, -120}, Qt::ControlModifier);
  EXPECT_DOUBLE_EQ(view.zoom(), 0.05);
  EXPECT_FALSE(view.grab().isNull());  // every level of detail paints
}

TEST_F(ViewingTest, WheelAndTouchpad_MoveTheCanvas) {
  const double zoom = view.zoom();
  const QPointF start = shown();
  wheel({0, -120});
  EXPECT_NEAR(shown().y() - start.y(), 120 / zoom, 2);
  EXPECT_EQ(shown().x(), start.x());
  wheel({0, 120});
  wheel({-120, 0});
  EXPECT_NEAR(shown().x() - start.x(), 120 / zoom, 2);
  wheel({0, 120}, Qt::ShiftModifier);
  EXPECT_NEAR(shown().x(), start.x(), 2);
  wheel({}, {}, {-15, -25});  // some touchpads send pixels only
  EXPECT_NEAR(shown().y() - start.y(), 25 / zoom, 2);
  EXPECT_DOUBLE_EQ(view.zoom(), zoom);
}

TEST_F(ViewingTest, WheelZooms_IfSetAndIsRemembered) {
  page.actions()["wheel-zooms"]->trigger();
  const double zoom = view.zoom();
  wheel({0, 120});
  EXPECT_GT(view.zoom(), zoom);
  EXPECT_TRUE(canvasSetting("design/wheel-zooms", false));
}

TEST_F(ViewingTest, PinchOnTheViewport_Zooms) {
  const double zoom = view.zoom();
  const QPointF before = view.mapToScene(place.toPoint());
  QNativeGestureEvent pinch(Qt::ZoomNativeGesture, QPointingDevice::primaryPointingDevice(), 2, place, place,
                            view.viewport()->mapToGlobal(place), 0.25, {});
  QApplication::sendEvent(view.viewport(), &pinch);
  EXPECT_NEAR(view.zoom(), zoom * 1.25, 1e-9);
  EXPECT_LT(QLineF(before, view.mapToScene(place.toPoint())).length(), 3);
}

TEST_F(ViewingTest, MiddleDrag_Pans) {
  const QPointF start = shown();
  QTest::mousePress(view.viewport(), Qt::MiddleButton, {}, QPoint(300, 300));
  QMouseEvent move(QEvent::MouseMove, QPointF(340, 320), view.viewport()->mapToGlobal(QPointF(340, 320)), Qt::NoButton,
                   Qt::MiddleButton, {});
  QApplication::sendEvent(view.viewport(), &move);
  QTest::mouseRelease(view.viewport(), Qt::MiddleButton, {}, QPoint(340, 320));
  EXPECT_NEAR(shown().x(), start.x() - 40 / view.zoom(), 2);
}

TEST_F(ViewingTest, FitSelectionAndKeysThatZoom) {
  click(body("fc1"));
  key(Qt::Key_F, Qt::ShiftModifier);
  EXPECT_NEAR(view.zoom(), 1.2, 1e-9);
  const QPointF middle = view.mapToScene(view.viewport()->rect().center());
  EXPECT_LT(QLineF(middle, scene.item(id("fc1"))->sceneBody().center()).length(), 4);
  key(Qt::Key_0, Qt::ControlModifier);
  key(Qt::Key_Plus, Qt::ControlModifier);
  EXPECT_NEAR(view.zoom(), 1.2, 1e-9);
  key(Qt::Key_Minus, Qt::ControlModifier);
  EXPECT_NEAR(view.zoom(), 1, 1e-9);
}

TEST_F(ViewingTest, Minimap_ClickAndDragGoThereAndMHidesIt) {
  Minimap& map = *view.minimap();
  EXPECT_FALSE(map.isVisible()) << "all is in view";
  key(Qt::Key_0, Qt::ControlModifier);
  for (int i = 0; i < 4; ++i) view.zoomBy(1.4);
  ASSERT_TRUE(map.isVisible());
  const QPoint spot(map.width() / 2 - 30, map.height() / 2 - 10);
  const QPointF wanted = map.toScene(spot);
  QTest::mouseClick(&map, Qt::LeftButton, {}, spot);
  EXPECT_LT(QLineF(view.mapToScene(view.viewport()->rect().center()), wanted).length(), 4);
  QMouseEvent drag(QEvent::MouseMove, spot + QPoint(25, 8), map.mapToGlobal(spot + QPoint(25, 8)), Qt::NoButton,
                   Qt::LeftButton, {});
  QApplication::sendEvent(&map, &drag);
  EXPECT_LT(QLineF(view.mapToScene(view.viewport()->rect().center()), map.toScene(spot + QPoint(25, 8))).length(), 4);
  key(Qt::Key_M);
  EXPECT_FALSE(map.isVisible());
  EXPECT_FALSE(canvasSetting("design/minimap", true));
  EXPECT_FALSE(page.actions()["minimap"]->isChecked());
}

TEST_F(ViewingTest, Find_GoesFromHitToHit) {
  key(Qt::Key_F, Qt::ControlModifier);
  FindBar& bar = *view.findBar();
  ASSERT_TRUE(bar.isVisible());
  EXPECT_EQ(QApplication::focusWidget(), bar.field());
  QTest::keyClicks(bar.field(), "type:conv");
  EXPECT_EQ(bar.hits().size(), 2u);
  QTest::keyClick(bar.field(), Qt::Key_Return);
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("conv1")});
  QTest::keyClick(bar.field(), Qt::Key_Return);
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("conv2")});
  const QRectF seen = view.mapToScene(view.viewport()->rect()).boundingRect();
  EXPECT_TRUE(seen.contains(scene.item(id("conv2"))->sceneBody()));
  QTest::keyClick(bar.field(), Qt::Key_Return, Qt::ShiftModifier);
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("conv1")});
  QTest::keyClick(bar.field(), Qt::Key_Return, Qt::ControlModifier);
  EXPECT_EQ(scene.selectedNodes().size(), 2u);
  QTest::keyClick(bar.field(), Qt::Key_Escape);
  EXPECT_FALSE(bar.isVisible());
  EXPECT_EQ(QApplication::focusWidget(), &view);
  key(Qt::Key_F3);
  EXPECT_EQ(scene.selectedNodes().size(), 1u);
}

TEST_F(ViewingTest, Find_OpensFromThePalette) {
  auto* search = page.palette()->findChild<QLineEdit*>();
  search->setFocus();
  QTest::keyClick(search, Qt::Key_F, Qt::ControlModifier);
  EXPECT_TRUE(view.findBar()->isVisible());
}

TEST_F(ViewingTest, Find_FollowsEditsAndOtherProjects) {
  key(Qt::Key_F, Qt::ControlModifier);
  QTest::keyClicks(view.findBar()->field(), "type:conv");
  scene.select({id("conv1")});
  scene.removeSelection();
  EXPECT_EQ(view.findBar()->hits().size(), 1u);
  model.close();
  EXPECT_FALSE(view.findBar()->isVisible());
  EXPECT_TRUE(view.findBar()->hits().empty());
}

}  // namespace
}  // namespace netwright::editor
