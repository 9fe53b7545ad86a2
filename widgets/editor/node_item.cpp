// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/node_item.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>
#include <algorithm>

#include "widgets/editor/metrics.h"
#include "widgets/editor/node_style.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::editor {
namespace {

using theme::TextStyle;

constexpr double kPad = 12;
constexpr double kMark = 18;   // side of the category mark
constexpr double kBadge = 9;   // radius
constexpr double kOuter = 14;  // what badge and rings need around the body

// Canvas text keeps its size in scene units whatever the font scale of the window is.
QFont canvasFont(TextStyle style) {
  QFont font = theme::font(style, 1);
  font.setHintingPreference(QFont::PreferNoHinting);
  return font;
}

void drawText(QPainter& p, const QRectF& box, const QString& text, Qt::Alignment align = Qt::AlignLeft) {
  const QString shown = QFontMetricsF(p.font()).elidedText(text, Qt::ElideRight, box.width());
  p.drawText(box, Qt::Alignment(align | Qt::AlignVCenter) | Qt::TextSingleLine, shown);
}

QPainterPath headerPath(const QRectF& body) {
  constexpr double r = theme::kRadiusLarge;
  QPainterPath path(body.topLeft() + QPointF(0, kHeaderHeight));
  path.lineTo(body.left(), body.top() + r);
  path.quadTo(body.topLeft(), body.topLeft() + QPointF(r, 0));
  path.lineTo(body.right() - r, body.top());
  path.quadTo(body.topRight(), body.topRight() + QPointF(0, r));
  path.lineTo(body.right(), body.top() + kHeaderHeight);
  path.closeSubpath();
  return path;
}

}  // namespace

NodeItem::NodeItem(NodeId node, const NodeFace& face) : node_(node) {
  setFlags(ItemIsSelectable | ItemIsFocusable);
  setAcceptHoverEvents(true);
  setZValue(3);
  setFace(face);
}

void NodeItem::setFace(const NodeFace& face) {
  if (face == face_) return;
  prepareGeometryChange();
  face_ = face;
  setToolTip(face.toolTip);
  update();
}

void NodeItem::setLights(std::optional<bool> inputSide, Light light, const std::string& port) {
  litSide_ = inputSide;
  light_ = inputSide ? light : Light::Normal;
  litPort_ = port;
  setOpacity(light_ == Light::Dimmed ? 0.45 : 1);
  update();
}

QRectF NodeItem::body() const {
  const size_t ports = std::max(face_.inputs.size(), face_.outputs.size());
  const double needed = kFirstPort + kPortStep * (ports > 0 ? static_cast<double>(ports - 1) : 0) + kPortStep;
  return {0, 0, kNodeWidth, std::max(kNodeHeight, needed)};
}

QPointF NodeItem::portPosition(bool input, const std::string& port) const {
  const auto& ports = input ? face_.inputs : face_.outputs;
  const auto it = std::find_if(ports.begin(), ports.end(), [&](const PortFace& p) { return p.name == port; });
  const auto index = static_cast<double>(it == ports.end() ? 0 : it - ports.begin());
  return pos() + QPointF(input ? 0 : kNodeWidth, kFirstPort + index * kPortStep);
}

QRectF NodeItem::boundingRect() const { return body().adjusted(-kOuter, -kOuter, kOuter, kOuter); }

QPainterPath NodeItem::shape() const {
  QPainterPath path;
  path.addRoundedRect(body(), theme::kRadiusLarge, theme::kRadiusLarge);
  return path;
}

void NodeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*) {
  const double zoom = option->levelOfDetailFromTransform(painter->worldTransform());
  painter->setRenderHint(QPainter::Antialiasing);
  paintBody(*painter, zoom < kFlatZoom);
  if (zoom >= kFlatZoom) {
    paintPorts(*painter, zoom >= kTextZoom);
    if (zoom >= kTextZoom) {
      paintHeader(*painter);
      paintLines(*painter);
    }
  }
  if (face_.severity) paintBadge(*painter);
}

void NodeItem::paintBody(QPainter& p, bool flat) const {
  const theme::Palette& c = theme::palette();
  const QColor tint = face_.category ? categoryColour(*face_.category) : c.muted;
  constexpr double r = theme::kRadiusLarge;
  if (hasFocus() && isSelected()) {
    p.setPen(QPen(theme::mix(c.canvas, c.focus, 0.45), 3));
    p.setBrush(Qt::NoBrush);
    p.drawRoundedRect(body().adjusted(-4, -4, 4, 4), r + 4, r + 4);
  }
  p.setPen(Qt::NoPen);
  p.setBrush(flat ? theme::mix(c.node, tint, 0.45) : c.node);
  p.drawRoundedRect(body(), r, r);
  if (!flat) {
    p.setBrush(theme::mix(c.node, tint, c.dark ? 0.2 : 0.14));
    p.drawPath(headerPath(body()));
  }
  const bool error = face_.severity == Severity::Error;
  QPen pen(error ? c.error : isSelected() ? c.selection : c.nodeBorder, error || isSelected() ? 2 : 1);
  if (error && isSelected()) pen.setWidthF(3);
  if (!face_.category) pen.setDashPattern({4, 3});
  p.setPen(pen);
  p.setBrush(Qt::NoBrush);
  p.drawRoundedRect(body(), r, r);
}

void NodeItem::paintHeader(QPainter& p) const {
  const theme::Palette& c = theme::palette();
  const QColor tint = face_.category ? categoryColour(*face_.category) : c.muted;
  const QRectF mark(8, (kHeaderHeight - kMark) / 2, kMark, kMark);
  p.setPen(Qt::NoPen);
  p.setBrush(tint);
  p.drawRoundedRect(mark, 5, 5);
  QFont letters = canvasFont(TextStyle::Small);
  letters.setWeight(QFont::Bold);
  p.setFont(letters);
  p.setPen(c.dark ? QColor("#15161a") : QColor("#ffffff"));
  p.drawText(mark, Qt::AlignCenter, face_.category ? categoryMark(*face_.category) : QString("?"));

  const QFont strong = canvasFont(TextStyle::Strong), small = canvasFont(TextStyle::Body);
  const double left = mark.right() + 7, right = kNodeWidth - kPad - (face_.severity ? 6 : 0);
  const double titleWidth = std::min(QFontMetricsF(strong).horizontalAdvance(face_.title) + 1, (right - left) * 0.72);
  p.setFont(strong);
  p.setPen(c.text);
  drawText(p, {left, 0, titleWidth, kHeaderHeight}, face_.title);
  p.setFont(small);
  p.setPen(c.muted);
  const double nameLeft = left + titleWidth + 8;
  drawText(p, {nameLeft, 0, right - nameLeft, kHeaderHeight}, face_.name, Qt::AlignRight);
}

double NodeItem::portNameWidth(const std::vector<PortFace>& ports) const {
  if (ports.size() < 2) return 0;
  const QFontMetricsF metrics(canvasFont(TextStyle::Small));
  double width = 0;
  for (const PortFace& p : ports) width = std::max(width, metrics.horizontalAdvance(QString::fromStdString(p.name)));
  return width + 8;
}

double NodeItem::textLeft() const { return kPad + portNameWidth(face_.inputs); }
double NodeItem::textRight() const { return kNodeWidth - kPad - portNameWidth(face_.outputs); }

void NodeItem::paintLines(QPainter& p) const {
  const theme::Palette& c = theme::palette();
  const double left = textLeft(), right = textRight();
  const QRectF first(left, kHeaderHeight + 5, right - left, 22), second(left, kHeaderHeight + 27, right - left, 18);
  p.setFont(canvasFont(TextStyle::Small));
  p.setPen(c.muted);
  const double counted =
      face_.parameters.isEmpty() ? 0 : QFontMetricsF(p.font()).horizontalAdvance(face_.parameters) + 8;
  drawText(p, first, face_.parameters, Qt::AlignRight);
  p.setFont(canvasFont(TextStyle::Body));
  p.setPen(c.text);
  drawText(p, first.adjusted(0, 0, -counted, 0), face_.line);
  p.setFont(canvasFont(TextStyle::Code));
  p.setPen(face_.shape.isEmpty() ? c.disabled : c.muted);
  drawText(p, second, face_.shape.isEmpty() ? QCoreApplication::translate("NodeItem", "shape unknown") : face_.shape);
}

void NodeItem::paintPorts(QPainter& p, bool names) const {
  const theme::Palette& c = theme::palette();
  for (const bool input : {true, false}) {
    const auto& ports = input ? face_.inputs : face_.outputs;
    for (const PortFace& port : ports) {
      const QPointF at = portPosition(input, port.name) - pos();
      paintPort(p, port, input, at);
      if (!names || ports.size() < 2) continue;
      p.setFont(canvasFont(TextStyle::Small));
      p.setPen(c.muted);
      const QRectF box = input ? QRectF(at.x() + 10, at.y() - 9, 60, 18) : QRectF(at.x() - 70, at.y() - 9, 60, 18);
      drawText(p, box, QString::fromStdString(port.name), input ? Qt::AlignLeft : Qt::AlignRight);
    }
  }
}

// Filled when a wire is there, a ring when not, a faint one where none is needed; red where something must be
// connected.
void NodeItem::paintPort(QPainter& p, const PortFace& port, bool input, QPointF at) const {
  const theme::Palette& c = theme::palette();
  const bool lit = litSide_ == input && (light_ == Light::Compatible || light_ == Light::Target);
  const bool target = lit && light_ == Light::Target && port.name == litPort_;
  const QColor colour = port.faulty ? c.error : c.port(theme::PortKind::Tensor);
  if (lit) {
    p.setPen(Qt::NoPen);
    QColor halo = colour;
    halo.setAlphaF(target ? 0.55f : 0.28f);
    p.setBrush(halo);
    p.drawEllipse(at, kPortRadius + (target ? 8 : 5), kPortRadius + (target ? 8 : 5));
  }
  p.setPen(QPen(c.canvas, 2));
  p.setBrush(c.canvas);
  p.drawEllipse(at, kPortRadius + 1, kPortRadius + 1);
  const bool faint = port.optional && !port.connected && !port.faulty && !target;
  p.setPen(QPen(faint ? theme::mix(c.node, colour, 0.45) : colour, faint ? 1.5 : 2));
  p.setBrush(port.connected || target ? colour : c.node);
  p.drawEllipse(at, kPortRadius - 1, kPortRadius - 1);
}

// A disc for errors, a triangle for warnings, both with "!".
void NodeItem::paintBadge(QPainter& p) const {
  const theme::Palette& c = theme::palette();
  const bool error = face_.severity == Severity::Error;
  const QPointF centre(kNodeWidth - 3, -1);
  p.setPen(QPen(c.canvas, 2));
  p.setBrush(error ? c.error : c.warning);
  if (error) {
    p.drawEllipse(centre, kBadge, kBadge);
  } else {
    QPolygonF triangle{centre + QPointF(0, -kBadge - 1), centre + QPointF(kBadge + 1, kBadge - 2),
                       centre + QPointF(-kBadge - 1, kBadge - 2)};
    p.drawPolygon(triangle);
  }
  QFont font = canvasFont(TextStyle::Strong);
  font.setWeight(QFont::Bold);
  p.setFont(font);
  p.setPen(c.dark ? QColor("#15161a") : QColor("#ffffff"));
  p.drawText(QRectF(centre.x() - kBadge, centre.y() - kBadge + (error ? 0 : 1), 2 * kBadge, 2 * kBadge),
             Qt::AlignCenter, "!");
}

}  // namespace netwright::editor
