// SPDX-License-Identifier: GPL-3.0-or-later
// The window onto the canvas: zoom, pan, keyboard, quick add and what is dropped from the palette.
#pragma once

#include <QGraphicsView>
#include <QPointer>
#include <optional>

#include "widgets/editor/edits.h"

namespace netwright::editor {

class GraphScene;
class QuickAdd;

class GraphView : public QGraphicsView {
  Q_OBJECT

 public:
  explicit GraphView(GraphScene* scene, QWidget* parent = nullptr);

  double zoom() const { return transform().m11(); }
  void setZoom(double zoom, QPointF viewportAnchor);
  void zoomBy(double factor);  // about the middle
  void resetZoom();
  void fit();  // everything, at most 120 %
  void centreOn(NodeId node);
  void askForLayer(std::optional<QPointF> at = {}, const std::optional<WireStart>& start = {});  // opens quick add
  QuickAdd* quickAdd() const;                                                                    // null while closed

 Q_SIGNALS:
  void zoomChanged(double zoom);
  void editAsked();  // Enter on a node: go to its form

 protected:
  bool event(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  bool focusNextPrevChild(bool next) override;
  void keyPressEvent(QKeyEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragMoveEvent(QDragMoveEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void drawBackground(QPainter* painter, const QRectF& rect) override;
  void drawForeground(QPainter* painter, const QRectF& rect) override;

 private:
  bool runCommand(QKeyEvent& event);
  bool moveByKey(QKeyEvent& event);
  bool walk(bool forward);
  void walkAlong(bool forward);  // to a neighbour along a wire
  void keepInView(NodeId node);
  void startPan(QPoint at);
  void describe();
  QPointF cursorScenePos() const;

  GraphScene* scene_;
  QPointer<QuickAdd> quickAdd_;
  bool fitted_ = true;  // nothing touched since fit(): it follows the size of the window
  bool panning_ = false, spaceHeld_ = false, spaceUsed_ = false;
  QPoint panFrom_;
};

}  // namespace netwright::editor
