// SPDX-License-Identifier: GPL-3.0-or-later
// The whole network in small, in a corner of the canvas, with the part that is shown: click or drag to go there. Hides
// itself while all of the network is in view. A child of GraphView.
#pragma once

#include <QPixmap>
#include <QWidget>

namespace netwright::editor {

class GraphScene;
class GraphView;

class Minimap : public QWidget {
  Q_OBJECT

 public:
  Minimap(GraphScene* scene, GraphView* view);
  bool isWanted() const { return wanted_; }  // remembered
  void setWanted(bool wanted);
  QPointF toScene(QPoint at) const;  // the point of the network that is drawn there
  QSize sizeHint() const override { return {190, 124}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  void refresh();  // what is there has changed
  void follow();   // what is seen has changed
  void draw();
  QTransform fitting() const;  // from the scene to here

  GraphScene* scene_;
  GraphView* view_;
  QRectF shown_;     // of the scene
  QPixmap picture_;  // of nodes and frames; null: to be drawn
  bool wanted_ = true;
};

}  // namespace netwright::editor
