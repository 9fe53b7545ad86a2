// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/wire_item.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QGraphicsScene>
#include <QPainter>
#include <QPainterPathStroker>
#include <QStyleOptionGraphicsItem>

#include "widgets/editor/canvas_font.h"
#include "widgets/editor/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr double kGrab = 12;  // width of the strip that takes the pointer

const QFont& labelFont() {
  static const QFont font = [] {
    QFont f = canvasFont(theme::TextStyle::Code);
    f.setPointSizeF(8.25);
    return f;
  }();
  return font;
}

}  // namespace

class WireItem::Label : public QGraphicsItem {
 public:
  explicit Label(const WireItem& wire) : wire_(wire) {
    setZValue(2);
    setAcceptedMouseButtons(Qt::NoButton);
  }
  void setBox(const QRectF& box) {
    if (box == box_) return;
    prepareGeometryChange();
    box_ = box;
    setVisible(!box.isNull());
  }
  const QRectF& box() const { return box_; }
  QRectF boundingRect() const override { return box_; }
  void paint(QPainter* p, const QStyleOptionGraphicsItem* option, QWidget*) override {
    const theme::Palette& c = theme::palette();
    if (option->levelOfDetailFromTransform(p->worldTransform()) < kTextZoom) return;
    p->setRenderHint(QPainter::Antialiasing);
    p->setPen(Qt::NoPen);
    p->setBrush(c.canvas);
    p->drawRoundedRect(box_, 5, 5);
    p->setFont(labelFont());
    p->setPen(wire_.faulty_ ? c.error : wire_.text_.isEmpty() ? c.muted : wire_.isSelected() ? c.accentInk : c.text);
    p->drawText(box_, Qt::AlignCenter, wire_.text_.isEmpty() ? QString("?") : wire_.text_);
  }

 private:
  const WireItem& wire_;
  QRectF box_;
};

WireItem::WireItem(const graph::Wire& wire) : wire_(wire), label_(new Label(*this)) {
  setFlags(ItemIsSelectable);
  setAcceptHoverEvents(true);
  setZValue(1);
}

WireItem::~WireItem() { delete label_; }

void WireItem::setMeaning(const QString& text, bool faulty) {
  if (text == text_ && faulty == faulty_ && !toolTip().isEmpty()) return;
  text_ = text;
  faulty_ = faulty;
  setToolTip(text.isEmpty() ? QCoreApplication::translate("WireItem", "Shape unknown because of a problem before it")
                            : text);
  update();
  label_->update();
}

void WireItem::setPath(const QPainterPath& path) {
  if (path == path_) return;
  prepareGeometryChange();
  path_ = path;
}

void WireItem::translate(QPointF by) {
  setPath(path_.translated(by));
  if (!label_->box().isNull()) label_->setBox(label_->box().translated(by));
}

void WireItem::setLabelBox(const QRectF& box) { label_->setBox(box); }
QRectF WireItem::labelBox() const { return label_->isVisible() ? label_->box() : QRectF(); }

QSizeF WireItem::labelSize() const {
  const QFontMetricsF metrics(labelFont());
  return {metrics.horizontalAdvance(text_.isEmpty() ? QString("?") : text_) + 8, metrics.height() + 1};
}

void WireItem::setInsertTarget(bool on) {
  if (insertTarget_ == on) return;
  insertTarget_ = on;
  update();
}

QRectF WireItem::boundingRect() const { return path_.boundingRect().adjusted(-kGrab, -kGrab, kGrab, kGrab); }

QPainterPath WireItem::shape() const {
  QPainterPathStroker stroker;
  stroker.setWidth(kGrab);
  return stroker.createStroke(path_);
}

QColor WireItem::colour() const {
  const theme::Palette& c = theme::palette();
  if (insertTarget_) return c.success;
  if (faulty_) return c.error;
  if (isSelected()) return c.selection;
  if (text_.isEmpty()) return theme::mix(c.canvas, c.wire, 0.5);
  return hovered_ ? c.port(theme::PortKind::Tensor) : c.wire;
}

void WireItem::paint(QPainter* p, const QStyleOptionGraphicsItem* option, QWidget*) {
  if (option->levelOfDetailFromTransform(p->worldTransform()) < kFlatZoom) {  // a hair line from end to end
    p->setRenderHint(QPainter::Antialiasing, false);
    p->setPen(QPen(colour(), 0));
    p->setBrush(Qt::NoBrush);
    return path_.elementCount() < 6 ? p->drawLine(path_.elementAt(0), path_.currentPosition()) : p->drawPath(path_);
  }
  p->setRenderHint(QPainter::Antialiasing);
  QPen pen(colour(), insertTarget_ ? 4 : isSelected() || faulty_ ? 2.6 : 2);
  pen.setCapStyle(Qt::RoundCap);
  if (text_.isEmpty() && !faulty_) pen.setDashPattern({4, 3});  // unknown: not told by the colour alone
  p->setPen(pen);
  p->setBrush(Qt::NoBrush);
  p->drawPath(path_);
}

void WireItem::hoverEnterEvent(QGraphicsSceneHoverEvent*) {
  hovered_ = true;
  update();
}
void WireItem::hoverLeaveEvent(QGraphicsSceneHoverEvent*) {
  hovered_ = false;
  update();
}

QVariant WireItem::itemChange(GraphicsItemChange change, const QVariant& value) {
  if (change == ItemSceneHasChanged && scene()) scene()->addItem(label_);
  if (change == ItemVisibleHasChanged) label_->setVisible(isVisible() && !label_->box().isNull());
  if (change == ItemSelectedHasChanged) label_->update();
  return QGraphicsItem::itemChange(change, value);
}

}  // namespace netwright::editor
