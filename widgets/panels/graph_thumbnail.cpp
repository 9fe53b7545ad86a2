// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/graph_thumbnail.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "widgets/editor/node_style.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr double kMargin = 10, kLargest = 0.6;

// Forward wires as the editor's; those to another row go down between the rows.
QPainterPath wirePath(const QLineF& wire) {
  QPainterPath path(wire.p1());
  const double dx = wire.x2() - wire.x1();
  if (dx > 0) {
    path.cubicTo(wire.p1() + QPointF(dx / 2, 0), wire.p2() - QPointF(dx / 2, 0), wire.p2());
    return path;
  }
  const double side = 24, middle = (wire.y1() + wire.y2()) / 2;
  path.lineTo(wire.x1() + side, wire.y1());
  path.lineTo(wire.x1() + side, middle);
  path.lineTo(wire.x2() - side, middle);
  path.lineTo(wire.x2() - side, wire.y2());
  path.lineTo(wire.p2());
  return path;
}

}  // namespace

void paintGraph(QPainter& painter, const QRectF& area, const bridge::GraphPicture& picture) {
  if (picture.empty()) return;
  QRectF bounds;
  for (const auto& block : picture.blocks) bounds |= block.place;
  const QRectF room = area.adjusted(kMargin, kMargin, -kMargin, -kMargin);
  const double scale = std::min({room.width() / bounds.width(), room.height() / bounds.height(), kLargest});
  const theme::Palette& p = theme::palette();
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.translate(room.center());
  painter.scale(scale, scale);
  painter.translate(-bounds.center());
  QPen pen(p.wire, 1.3);
  pen.setCosmetic(true);
  painter.setPen(pen);
  painter.setBrush(Qt::NoBrush);
  for (const QLineF& wire : picture.wires) painter.drawPath(wirePath(wire));
  for (const auto& block : picture.blocks) {
    const QColor colour = block.known ? editor::categoryColour(block.category) : p.error;
    pen.setColor(colour);
    painter.setPen(pen);
    painter.setBrush(theme::mix(p.node, colour, p.dark ? 0.4 : 0.3));
    painter.drawRoundedRect(block.place, 10, 10);
  }
  painter.restore();
}

void GraphThumbnail::setPicture(const bridge::GraphPicture& picture) {
  picture_ = picture;
  update();
}

void GraphThumbnail::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme::palette().canvas);
  painter.drawRoundedRect(rect(), theme::kRadius, theme::kRadius);
  paintGraph(painter, rect(), picture_);
}

}  // namespace netwright::panels
