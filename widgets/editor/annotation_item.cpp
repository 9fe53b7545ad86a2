// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/annotation_item.h"

#include <QAbstractTextDocumentLayout>
#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>
#include <QTextDocument>

#include "widgets/editor/annotations.h"
#include "widgets/editor/canvas_font.h"
#include "widgets/editor/metrics.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::editor {
namespace {

constexpr double kPad = 12, kEdge = 8, kRound = theme::kRadiusLarge;

// A project may come from anybody: its notes read no files.
class ClosedDocument final : public QTextDocument {
 public:
  QVariant loadResource(int, const QUrl&) override { return {}; }
};

}  // namespace

AnnotationItem::AnnotationItem(const graph::Annotation& annotation) {
  setFlags(ItemIsSelectable | ItemIsFocusable);
  annotation_.id = -1;
  setAnnotation(annotation);
}

AnnotationItem::~AnnotationItem() = default;

void AnnotationItem::setAnnotation(const graph::Annotation& annotation) {
  setPos(annotation.position.x, annotation.position.y);
  setSize(rectOf(annotation).size());
  if (annotation == annotation_) return;
  annotation_ = annotation;
  setZValue(isFrame() ? -2 : 2.5);
  setToolTip(isFrame() ? QCoreApplication::translate("AnnotationItem", "Drag to move it with all that is in it")
                       : QString());
  restyle();
}

void AnnotationItem::restyle() {
  text_.reset();
  update();
}

void AnnotationItem::setSize(QSizeF size) {
  if (size == size_) return;
  prepareGeometryChange();
  size_ = size;
  if (text_) text_->setTextWidth(size_.width() - 2 * kPad);
}

QTextDocument& AnnotationItem::text() const {
  if (text_) return *text_;
  text_ = std::make_unique<ClosedDocument>();
  text_->setDocumentMargin(0);
  text_->setDefaultFont(canvasFont(theme::TextStyle::Body));
  text_->setMarkdown(QString::fromStdString(annotation_.text), QTextDocument::MarkdownNoHTML);
  text_->setTextWidth(size_.width() - 2 * kPad);
  return *text_;
}

double AnnotationItem::neededHeight() const {
  return isFrame() ? kLeastFrame : std::max(kLeastNote, text().size().height() + 2 * kPad);
}

QRectF AnnotationItem::textRect() const {
  if (isFrame()) return QRectF(0, 0, size_.width(), kFrameTitle).adjusted(4, 3, -4, -3).translated(pos());
  return sceneBody();
}

bool AnnotationItem::isOnHandle(QPointF at) const {
  const QPointF corner = sceneBody().bottomRight();
  return QRectF(corner - QPointF(kAnnotationHandle, kAnnotationHandle), corner + QPointF(4, 4)).contains(at);
}

QRectF AnnotationItem::boundingRect() const { return body().adjusted(-4, -4, 4, 4); }

QPainterPath AnnotationItem::shape() const {
  QPainterPath path;
  path.addRoundedRect(body(), kRound, kRound);
  if (!isFrame()) return path;
  QPainterPath inside, handle;
  inside.addRect(body().adjusted(kEdge, kFrameTitle, -kEdge, -kEdge));
  const QPointF corner = body().bottomRight();
  handle.addRect(QRectF(corner - QPointF(kAnnotationHandle, kAnnotationHandle), corner));
  return path.subtracted(inside).united(handle);
}

void AnnotationItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*) {
  const double zoom = option->levelOfDetailFromTransform(painter->worldTransform());
  painter->setRenderHint(QPainter::Antialiasing);
  if (isFrame())
    paintFrame(*painter, zoom);
  else
    paintNote(*painter, zoom);
  if (isSelected()) paintHandle(*painter);
}

void AnnotationItem::paintFrame(QPainter& p, double zoom) const {
  const theme::Palette& c = theme::palette();
  const QColor hue = annotationHue(annotation_);
  p.setPen(QPen(isSelected() ? c.selection : theme::mix(c.canvas, hue, 0.55), isSelected() ? 2 : 1.2));
  p.setBrush(theme::mix(c.canvas, hue, c.dark ? 0.1 : 0.08));
  p.drawRoundedRect(body(), kRound, kRound);
  p.save();
  p.setClipRect(QRectF(0, 0, size_.width(), kFrameTitle));
  p.setPen(Qt::NoPen);
  p.setBrush(theme::mix(c.canvas, hue, c.dark ? 0.3 : 0.24));
  p.drawRoundedRect(body().adjusted(1, 1, -1, -1), kRound, kRound);
  p.restore();
  if (zoom < kFlatZoom) return;
  QFont font = canvasFont(theme::TextStyle::Heading);
  if (zoom < kTextZoom) font.setPointSizeF(font.pointSizeF() * kTextZoom / zoom);  // a frame is named also from afar
  p.setFont(font);
  p.setPen(c.text);
  const double height = std::max(kFrameTitle, QFontMetricsF(font).height());
  const QRectF box(kPad, 0, size_.width() - 2 * kPad, height);
  const QString shown = QFontMetricsF(font).elidedText(QString::fromStdString(annotation_.text).simplified(),
                                                       Qt::ElideRight, box.width());
  p.drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shown);
}

void AnnotationItem::paintNote(QPainter& p, double zoom) const {
  const theme::Palette& c = theme::palette();
  const QColor hue = annotationHue(annotation_);
  p.setPen(QPen(isSelected() ? c.selection : theme::mix(c.node, hue, 0.5), isSelected() ? 2 : 1));
  p.setBrush(theme::mix(c.node, hue, c.dark ? 0.14 : 0.16));
  p.drawRoundedRect(body(), theme::kRadius, theme::kRadius);
  if (zoom < kTextZoom) return;
  p.save();
  p.setClipRect(body().adjusted(1, 1, -1, -1));
  p.translate(kPad, kPad);
  QAbstractTextDocumentLayout::PaintContext context;
  context.palette.setColor(QPalette::Text, c.text);
  context.palette.setColor(QPalette::Link, c.accentInk);
  if (annotation_.text.empty()) {
    p.setFont(canvasFont(theme::TextStyle::Body));
    p.setPen(c.muted);
    p.drawText(QRectF(0, 0, size_.width() - 2 * kPad, size_.height() - 2 * kPad), Qt::TextWordWrap,
               QCoreApplication::translate("AnnotationItem", "Double-click to write"));
  } else {
    text().documentLayout()->draw(&p, context);
  }
  p.restore();
}

void AnnotationItem::paintHandle(QPainter& p) const {
  p.setPen(QPen(theme::palette().selection, 2));
  const QPointF corner = body().bottomRight() - QPointF(4, 4);
  p.drawLine(corner - QPointF(8, 0), corner - QPointF(0, 8));
  p.drawLine(corner - QPointF(4, 0), corner - QPointF(0, 4));
}

}  // namespace netwright::editor
