// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/wire_layout.h"

#include <vector>

#include "widgets/editor/node_item.h"
#include "widgets/editor/rect_index.h"
#include "widgets/editor/wire_item.h"
#include "widgets/editor/wire_route.h"

namespace netwright::editor {
namespace {

constexpr size_t kCarefulWires = 150;  // with more, labels mind nodes and each other only

// `blocked` are the nodes' bodies; labels are added as they find their places.
void layOutLabels(const WireItems& wires, RectIndex& blocked) {
  std::vector<std::vector<QPointF>> samples;
  if (wires.size() <= kCarefulWires)
    for (const auto& [wire, item] : wires) samples.push_back(samplePoints(item->path()));
  size_t index = 0;
  for (const auto& [wire, item] : wires) {
    std::vector<QPointF> crossing;
    const QRectF near = item->path().boundingRect().adjusted(-20, -20, 20, 20);
    for (size_t other = 0; other < samples.size(); ++other)
      for (const QPointF& p : samples[other])
        if (other != index && near.contains(p)) crossing.push_back(p);
    ++index;
    const QRectF box = placeLabel(item->path(), item->labelSize(), blocked, crossing);
    if (!box.isNull()) blocked.insert(box.adjusted(-2, -2, 2, 2));
    item->setLabelBox(box);
  }
}

}  // namespace

void routeWire(const NodeItems& nodes, WireItem& wire, Router& router) {
  const graph::Wire& ends = wire.wire();
  const NodeItem *from = nodes.at(ends.from.node), *to = nodes.at(ends.to.node);
  wire.setPath(router.route({from->portPosition(false, ends.from.port), to->portPosition(true, ends.to.port),
                             from->sceneBody(), to->sceneBody()}));
}

void layOutWires(const NodeItems& nodes, const WireItems& wires, NodeId lifted) {
  RectIndex bodies;
  std::vector<QRectF> standing;
  for (const auto& [id, item] : nodes) {
    const QRectF body = item->sceneBody();
    bodies.insert(body.adjusted(-2, -2, 2, 2));
    if (id != lifted) standing.push_back(body);
  }
  Router router(standing);
  for (const auto& [wire, item] : wires) routeWire(nodes, *item, router);
  layOutLabels(wires, bodies);
}

}  // namespace netwright::editor
