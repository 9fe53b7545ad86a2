// SPDX-License-Identifier: GPL-3.0-or-later
// Where wires run and where their labels stand. Pure geometry in scene units, used by GraphScene.
#pragma once

#include <QPainterPath>
#include <QPointF>
#include <QRectF>
#include <vector>

#include "widgets/editor/rect_index.h"

namespace netwright::editor {

// From an output (leaving to the right) to an input (entering from the left).
struct RouteRequest {
  QPointF from, to;
  QRectF source, target;  // bodies of the two nodes
};

// Finds ways for the wires of one drawing, one after the other: a smooth cubic where the way is free; round the nodes
// where it is not, and through the gap between two rows when the target lies behind the source. Detours keep clear of
// nodes and of each other.
class Router {
 public:
  explicit Router(const std::vector<QRectF>& nodes) {
    for (const QRectF& body : nodes) nodes_.insert(body);
  }
  QPainterPath route(const RouteRequest& request);

 private:
  QPainterPath detour(const RouteRequest& request, double wanted);
  std::vector<QRectF> crossed(const QPainterPath& path, const RouteRequest& request) const;
  bool isFree(const QRectF& lane) const;

  RectIndex nodes_, lanes_;  // lanes: the horizontal parts of detours so far
};

// A cubic that follows the hand while a wire is drawn.
QPainterPath looseWire(QPointF from, QPointF to);

// The place for a label of this size on the path, nearest to the middle, that meets neither `blocked` (nodes, other
// labels) nor, if possible, `crossing` (points of other wires). A null rectangle if there is none.
QRectF placeLabel(const QPainterPath& path, QSizeF size, const RectIndex& blocked,
                  const std::vector<QPointF>& crossing);
std::vector<QPointF> samplePoints(const QPainterPath& path);

}  // namespace netwright::editor
