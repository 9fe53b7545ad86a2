// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/alignment.h"

#include <QCoreApplication>
#include <QRectF>
#include <algorithm>
#include <cmath>

namespace netwright::editor {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("Alignment", text); }

struct Placed {
  NodeId node;
  QRectF box;
};

std::vector<Placed> placed(const graph::Document& document, const std::map<NodeId, QSizeF>& nodes) {
  std::vector<Placed> all;
  for (const auto& [id, size] : nodes)
    if (const graph::Node* n = document.find(id)) all.push_back({id, {{n->position.x, n->position.y}, size}});
  return all;
}

void moveTo(graph::Edit& edit, const Placed& node, QPointF corner) {
  corner = {std::round(corner.x()), std::round(corner.y())};
  if (corner != node.box.topLeft()) edit.steps.push_back(graph::Move{node.node, {corner.x(), corner.y()}});
}

}  // namespace

graph::Edit alignEdit(const graph::Document& document, const std::map<NodeId, QSizeF>& nodes, Align align) {
  graph::Edit edit{tr("Align %1 layers").arg(nodes.size()).toStdString(), {}};
  const std::vector<Placed> all = placed(document, nodes);
  if (all.size() < 2) return edit;
  QRectF bounds;
  for (const Placed& p : all) bounds |= p.box;
  for (const Placed& p : all) {
    QRectF box = p.box;
    switch (align) {
      case Align::Left:
        box.moveLeft(bounds.left());
        break;
      case Align::Centre:
        box.moveLeft(bounds.center().x() - box.width() / 2);
        break;
      case Align::Right:
        box.moveRight(bounds.right());
        break;
      case Align::Top:
        box.moveTop(bounds.top());
        break;
      case Align::Middle:
        box.moveTop(bounds.center().y() - box.height() / 2);
        break;
      case Align::Bottom:
        box.moveBottom(bounds.bottom());
        break;
    }
    moveTo(edit, p, box.topLeft());
  }
  return edit;
}

graph::Edit distributeEdit(const graph::Document& document, const std::map<NodeId, QSizeF>& nodes, bool horizontally) {
  graph::Edit edit{tr("Distribute %1 layers").arg(nodes.size()).toStdString(), {}};
  std::vector<Placed> all = placed(document, nodes);
  if (all.size() < 3) return edit;
  const auto start = [&](const QRectF& r) { return horizontally ? r.left() : r.top(); };
  const auto length = [&](const QRectF& r) { return horizontally ? r.width() : r.height(); };
  std::stable_sort(all.begin(), all.end(), [&](auto& a, auto& b) { return start(a.box) < start(b.box); });
  double used = 0;
  for (const Placed& p : all) used += length(p.box);
  const double whole = start(all.back().box) + length(all.back().box) - start(all.front().box);
  const double gap = (whole - used) / static_cast<double>(all.size() - 1);
  double at = start(all.front().box);
  for (const Placed& p : all) {
    moveTo(edit, p, horizontally ? QPointF(at, p.box.top()) : QPointF(p.box.left(), at));
    at += length(p.box) + gap;
  }
  return edit;
}

}  // namespace netwright::editor
