// SPDX-License-Identifier: GPL-3.0-or-later
// A wire and its label on the canvas. GraphScene routes the wire and finds the label's place.
#pragma once

#include <QGraphicsItem>
#include <QPainterPath>

#include "core/graph/document.h"

namespace netwright::editor {

class WireItem : public QGraphicsItem {
 public:
  enum { Type = UserType + 2 };

  explicit WireItem(const graph::Wire& wire);
  ~WireItem() override;

  const graph::Wire& wire() const { return wire_; }
  const QPainterPath& path() const { return path_; }
  const QString& text() const { return text_; }
  // `text` is the shape that flows, empty if unknown; `faulty` marks the target's complaint.
  void setMeaning(const QString& text, bool faulty);
  void setPath(const QPainterPath& path);
  void translate(QPointF by);           // path and label
  void setLabelBox(const QRectF& box);  // null hides the label
  QSizeF labelSize() const;
  QRectF labelBox() const;
  void setInsertTarget(bool on);  // something is about to be dropped onto it

  int type() const override { return Type; }
  QRectF boundingRect() const override;
  QPainterPath shape() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 protected:
  void hoverEnterEvent(QGraphicsSceneHoverEvent* event) override;
  void hoverLeaveEvent(QGraphicsSceneHoverEvent* event) override;
  QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;

 private:
  class Label;
  QColor colour() const;
  graph::Wire wire_;
  QPainterPath path_;
  QString text_;
  bool faulty_ = false, hovered_ = false, insertTarget_ = false;
  Label* label_;  // a scene item of its own: above all wires, below the nodes
};

}  // namespace netwright::editor
