// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/node_item.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>
#include <algorithm>

#include "widgets/editor/canvas_font.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/node_style.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::editor {
namespace {

using theme::TextStyle;

constexpr double kPad = 12;
constexpr double kDot = 26;            // side of a dot that wires go through
constexpr double kMark = 18;           // side of the category mark
constexpr double kBadge = 9;           // radius
constexpr double kPortNameWidth = 60;  // longer names are cut: values and shape want room too
constexpr double kOuter = 14;          // what badge and rings need around the body

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
  if (light == Light::Normal) litSide_.reset();
  light_ = inputSide ? light : Light::Normal;
  litPort_ = port;
  setOpacity(light_ == Light::Dimmed ? 0.45 : 1);
  update();
}

QRectF NodeItem::body() const {
  if (face_.dot) return {0, 0, kDot, kDot};
  const size_t ports = std::max(face_.inputs.size(), face_.outputs.size());
  const double needed = kFirstPort + kPortStep * (ports > 0 ? static_cast<double>(ports - 1) : 0) + kPortStep;
  return {0, 0, kNodeWidth, std::max(kNodeHeight, needed)};
}

QPointF NodeItem::portPosition(bool input, const std::string& port) const {
  if (face_.dot) return pos() + QPointF(input ? 0 : kDot, kDot / 2);
  const auto& ports = input ? face_.inputs : face_.outputs;
  const auto it = std::find_if(ports.begin(), ports.end(), [&](const PortFace& p) { return p.name == port; });
  const auto index = static_cast<double>(it == ports.end() ? 0 : it - ports.begin());
  return pos() + QPointF(input ? 0 : kNodeWidth, kFirstPort + index * kPortStep);
}

QRectF NodeItem::boundingRect() const { return body().adjusted(-kOuter, -kOuter, kOuter, kOuter); }

QPainterPath NodeItem::shape() const {
  QPainterPath path;
  const double r = face_.dot ? kDot / 2 : theme::kRadiusLarge;
  path.addRoundedRect(body(), r, r);
  return path;
}

void NodeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*) {
  const double zoom = option->levelOfDetailFromTransform(painter->worldTransform());
  if (face_.dot) return paintDot(*painter);
  if (face_.bypassed) painter->setOpacity(painter->opacity() * 0.45);
  if (zoom < kFlatZoom) return paintFlat(*painter);
  painter->setRenderHint(QPainter::Antialiasing);
  paintBody(*painter);
  paintPorts(*painter, zoom >= kSmallTextZoom);
  if (zoom >= kTextZoom) {
    paintHeader(*painter);
    paintLines(*painter, zoom >= kSmallTextZoom);
  }
  if (face_.bypassed) paintBypass(*painter);
  if (face_.severity) paintBadge(*painter);
}

// What comes in goes out: a line through it.
void NodeItem::paintBypass(QPainter& p) const {
  p.setPen(QPen(theme::palette().text, 2, Qt::SolidLine, Qt::RoundCap));
  p.drawLine(QPointF(body().left(), body().center().y()), QPointF(body().right(), body().center().y()));
}

void NodeItem::paintDot(QPainter& p) const {
  const theme::Palette& c = theme::palette();
  const bool connected = !face_.inputs.empty() && face_.inputs.front().connected;
  const bool error = face_.severity == Severity::Error;
  p.setRenderHint(QPainter::Antialiasing);
  p.setPen(QPen(error ? c.error : isSelected() ? c.selection : c.nodeBorder, isSelected() || error ? 2.5 : 1.5));
  p.setBrush(theme::mix(c.node, c.accent, connected ? 0.55 : 0.1));
  p.drawEllipse(body().adjusted(3, 3, -3, -3));
  if (face_.severity) paintBadge(p);
}

// One rectangle: there may be thousands of them.
void NodeItem::paintFlat(QPainter& p) const {
  const theme::Palette& c = theme::palette();
  const QColor tint = face_.category ? categoryColour(*face_.category) : c.muted;
  p.fillRect(body(), face_.severity == Severity::Error     ? c.error
                     : face_.severity == Severity::Warning ? c.warning
                     : isSelected()                        ? c.selection
                                                           : theme::mix(c.node, tint, 0.45));
}

void NodeItem::paintBody(QPainter& p) const {
  const theme::Palette& c = theme::palette();
  const QColor tint = face_.category ? categoryColour(*face_.category) : c.muted;
  constexpr double r = theme::kRadiusLarge;
  if (hasFocus() && isSelected()) {
    p.setPen(QPen(theme::mix(c.canvas, c.focus, 0.45), 3));
    p.setBrush(Qt::NoBrush);
    p.drawRoundedRect(body().adjusted(-4, -4, 4, 4), r + 4, r + 4);
  }
  p.setPen(Qt::NoPen);
  p.setBrush(c.node);
  p.drawRoundedRect(body(), r, r);
  p.setBrush(theme::mix(c.node, tint, c.dark ? 0.2 : 0.14));
  p.drawPath(headerPath(body()));
  const bool error = face_.severity == Severity::Error;
  QPen pen(error ? c.error : isSelected() ? c.selection : c.nodeBorder, error || isSelected() ? 2 : 1);
  if (error && isSelected()) pen.setWidthF(3);
  if (!face_.category || face_.bypassed) pen.setDashPattern({4, 3});
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
  return std::min(width, kPortNameWidth) + 8;
}

double NodeItem::textLeft() const { return kPad + portNameWidth(face_.inputs); }
double NodeItem::textRight() const { return kNodeWidth - kPad - portNameWidth(face_.outputs); }

QRectF NodeItem::lineRect(int row) const {
  constexpr double kTop[] = {4, 24, 41}, kTall[] = {20, 17, 16};
  return {textLeft(), kHeaderHeight + kTop[row], textRight() - textLeft(), kTall[row]};
}

QRectF NodeItem::valueRect(size_t index) const {
  const QFontMetricsF metrics(canvasFont(TextStyle::Body));
  const double gap = metrics.horizontalAdvance(QStringLiteral(" · "));
  const QRectF row = lineRect(0);
  double left = row.left();
  for (size_t i = 0; i < index; ++i) left += metrics.horizontalAdvance(face_.values[i].text) + gap;
  const double width = metrics.horizontalAdvance(face_.values[index].text);
  return QRectF(left - 4, row.top(), std::min(width, row.right() - left) + 8, row.height()).translated(pos());
}

std::optional<size_t> NodeItem::valueAt(QPointF at) const {
  for (size_t i = 0; i < face_.values.size(); ++i)
    if (valueRect(i).contains(at)) return i;
  return std::nullopt;
}

QRectF NodeItem::badgeRect() const {
  if (!face_.severity) return {};
  return QRectF(body().width() - 3 - kBadge, -1 - kBadge, 2 * kBadge, 2 * kBadge)
      .adjusted(-2, -2, 2, 2)
      .translated(pos());
}

// Values stand in faint fields while the node is chosen: a click there edits them.
void NodeItem::paintValues(QPainter& p, const QRectF& row) const {
  const theme::Palette& c = theme::palette();
  if (isSelected() && !face_.values.empty()) {
    p.setPen(QPen(theme::mix(c.node, c.selection, 0.45), 1));
    p.setBrush(theme::mix(c.node, c.field, 0.6));
    for (size_t i = 0; i < face_.values.size(); ++i) {
      const QRectF box = valueRect(i).translated(-pos());
      if (box.left() + 12 < row.right()) p.drawRoundedRect(box.adjusted(0.5, 1.5, -0.5, -1.5), 4, 4);
    }
  }
  p.setFont(canvasFont(TextStyle::Body));
  p.setPen(c.text);
  drawText(p, row, face_.line);
}

void NodeItem::paintLines(QPainter& p, bool small) const {
  const theme::Palette& c = theme::palette();
  paintValues(p, lineRect(0));
  QRectF row = lineRect(1);
  p.setFont(canvasFont(TextStyle::Code));
  p.setPen(face_.shape.isEmpty() ? c.disabled : c.muted);
  const double shapeWidth = QFontMetricsF(p.font()).horizontalAdvance(face_.shape);
  drawText(p, row, face_.shape.isEmpty() ? QCoreApplication::translate("NodeItem", "shape unknown") : face_.shape);
  if (!small) return;
  p.setFont(canvasFont(TextStyle::Small));
  p.setPen(c.muted);
  drawText(p, lineRect(2), face_.cost);
  const QFontMetricsF metrics(p.font());  // the memory stands where there is room for all of it
  const double memoryWidth = metrics.horizontalAdvance(face_.memory);
  if (face_.memory.isEmpty()) return;
  if (shapeWidth + memoryWidth + 10 > row.width()) {
    if (metrics.horizontalAdvance(face_.cost) + memoryWidth + 10 > row.width()) return;
    row = lineRect(2);
  }
  drawText(p, row, face_.memory, Qt::AlignRight);
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
      const QRectF box = input ? QRectF(at.x() + 10, at.y() - 9, kPortNameWidth, 18)
                               : QRectF(at.x() - 10 - kPortNameWidth, at.y() - 9, kPortNameWidth, 18);
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
  const QPointF centre(body().width() - 3, -1);
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
