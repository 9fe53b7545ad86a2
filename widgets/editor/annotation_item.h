// SPDX-License-Identifier: GPL-3.0-or-later
// A frame or a note on the canvas. Frames lie below everything and take the pointer at their title and edge only; notes
// show their Markdown. Moved and changed by GraphScene only.
#pragma once

#include <QGraphicsItem>
#include <memory>

#include "core/graph/document.h"

QT_BEGIN_NAMESPACE
class QTextDocument;
QT_END_NAMESPACE

namespace netwright::editor {

class AnnotationItem : public QGraphicsItem {
 public:
  enum { Type = UserType + 3 };

  explicit AnnotationItem(const graph::Annotation& annotation);
  ~AnnotationItem() override;

  int64_t id() const { return annotation_.id; }
  bool isFrame() const { return annotation_.kind == graph::Annotation::Kind::Frame; }
  const graph::Annotation& annotation() const { return annotation_; }
  void setAnnotation(const graph::Annotation& annotation);  // also moves it
  void setSize(QSizeF size);                                // while it is resized
  void restyle();                                           // after a switch of the theme

  QRectF body() const { return {QPointF(), size_}; }  // in item coordinates
  QRectF sceneBody() const { return body().translated(pos()); }
  QRectF textRect() const;  // in scene coordinates: of the title or the note's text, for its editor
  bool isOnHandle(QPointF scenePoint) const;
  double neededHeight() const;  // of a note of this width, for its whole text

  int type() const override { return Type; }
  QRectF boundingRect() const override;
  QPainterPath shape() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  void paintFrame(QPainter& painter, double zoom) const;
  void paintNote(QPainter& painter, double zoom) const;
  void paintHandle(QPainter& painter) const;
  QTextDocument& text() const;  // made when it is first shown

  graph::Annotation annotation_;
  QSizeF size_;
  mutable std::unique_ptr<QTextDocument> text_;
};

}  // namespace netwright::editor
