// SPDX-License-Identifier: GPL-3.0-or-later
// Where wires run and where their labels stand. Pure geometry in scene units, used by GraphScene.
#pragma once

#include <QPainterPath>
#include <QPointF>
#include <QRectF>
#include <vector>

namespace netwright::editor {

// From an output (leaving to the right) to an input (entering from the left). A smooth cubic where the way is free;
// round the nodes in `obstacles` where it is not, and through the gap between two rows when the target lies behind the
// source.
struct RouteRequest {
  QPointF from, to;
  QRectF source, target;  // bodies of the two nodes
};
QPainterPath route(const RouteRequest& request, const std::vector<QRectF>& obstacles);

// A cubic that follows the hand while a wire is drawn.
QPainterPath looseWire(QPointF from, QPointF to);

// The place for a label of this size on the path, nearest to the middle, that meets neither `blocked` (nodes, other
// labels) nor, if possible, `crossing` (points of other wires). A null rectangle if there is none.
QRectF placeLabel(const QPainterPath& path, QSizeF size, const std::vector<QRectF>& blocked,
                  const std::vector<QPointF>& crossing);
std::vector<QPointF> samplePoints(const QPainterPath& path);

}  // namespace netwright::editor
