// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/gesture.h"

#include <fmt/format.h>

#include <QGraphicsPathItem>
#include <QLineF>
#include <QPen>
#include <cmath>

#include "core/layers/registry.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/wire_item.h"
#include "widgets/editor/wire_route.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr double kDragStart = 4;

QPointF snapped(QPointF p) { return {std::round(p.x() / kGrid) * kGrid, std::round(p.y() / kGrid) * kGrid}; }

}  // namespace

MoveGesture::MoveGesture(GraphScene& scene, QPointF from) : scene_(scene), from_(from) {
  for (const NodeId id : scene_.selectedNodes()) starts_[id] = scene_.item(id)->pos();
}

MoveGesture::~MoveGesture() { scene_.setLifted({}); }

void MoveGesture::move(QPointF at) {
  for (const auto& [id, start] : starts_)
    if (NodeItem* item = scene_.item(id)) item->setPos(snapped(start + at - from_));
  if (starts_.size() == 1) scene_.setLifted(starts_.begin()->first);
  scene_.layoutWires();
  WireItem* wire = insertTarget();
  scene_.markInsertTarget(wire);
  scene_.hint(wire ? GraphScene::tr("Release to put it into this wire") : QString());
}

WireItem* MoveGesture::insertTarget() const {
  if (starts_.size() != 1) return nullptr;
  const NodeItem* item = scene_.item(starts_.begin()->first);
  WireItem* wire = item ? scene_.wireAt(item->sceneBody().center()) : nullptr;
  if (!wire) return nullptr;
  return insertExisting(scene_.document(), item->node(), wire->wire(), {}).empty() ? nullptr : wire;
}

void MoveGesture::finish(QPointF at) {
  move(at);
  scene_.markInsertTarget(nullptr);
  scene_.setLifted({});
  scene_.hint({});
  if (const WireItem* wire = insertTarget()) {
    const QPointF place = scene_.item(starts_.begin()->first)->pos();
    scene_.send(insertExisting(scene_.document(), starts_.begin()->first, wire->wire(), {place.x(), place.y()}));
    return;
  }
  graph::Edit edit;
  for (const auto& [id, start] : starts_) {
    const NodeItem* item = scene_.item(id);
    if (item && item->pos() != start) edit.steps.push_back(graph::Move{id, {item->pos().x(), item->pos().y()}});
  }
  if (edit.empty()) return scene_.layoutWires();
  const graph::Node* first = scene_.document().find(starts_.begin()->first);
  edit.name = starts_.size() == 1 ? fmt::format("Move {}", first ? first->name : "")
                                  : fmt::format("Move {} nodes", starts_.size());
  scene_.send(edit);
}

void MoveGesture::cancel() {
  for (const auto& [id, start] : starts_)
    if (NodeItem* item = scene_.item(id)) item->setPos(start);
  scene_.setLifted({});
  scene_.markInsertTarget(nullptr);
  scene_.layoutWires();
  scene_.hint({});
}

WireGesture::WireGesture(GraphScene& scene, const PortHit& hit, QPointF at)
    : scene_(scene), start_{hit.port, !hit.input}, pressed_(at), line_(std::make_unique<QGraphicsPathItem>()) {
  if (const graph::Wire* wire = hit.input ? scene_.document().wireInto(hit.port) : nullptr) {
    taken_ = *wire;
    start_ = {wire->from, true};
    if (WireItem* item = scene_.wireItem(*wire)) item->setVisible(false);
  }
  QPen pen(theme::palette().port(theme::PortKind::Tensor), 2.4);
  pen.setCapStyle(Qt::RoundCap);
  line_->setPen(pen);
  line_->setZValue(4);
  scene_.addItem(line_.get());
  light();
  move(at);
  moved_ = false;
}

WireGesture::~WireGesture() {
  if (WireItem* item = taken_ ? scene_.wireItem(*taken_) : nullptr) item->setVisible(true);
  for (const auto& [id, item] : scene_.nodeItems()) item->setLights({}, NodeItem::Light::Normal);
}

void WireGesture::light() {
  for (const auto& [id, item] : scene_.nodeItems()) {
    if (id == start_.port.node) continue;
    const auto& ports = start_.fromOutput ? item->face().inputs : item->face().outputs;
    const bool fits = !ports.empty() && refusal({{id, ports.front().name}, start_.fromOutput}).isEmpty();
    item->setLights(start_.fromOutput, fits ? NodeItem::Light::Compatible : NodeItem::Light::Dimmed);
  }
}

graph::Wire WireGesture::wireTo(const PortRef& port) const {
  return start_.fromOutput ? graph::Wire{start_.port, port} : graph::Wire{port, start_.port};
}

QString WireGesture::refusal(const PortHit& hit) const {
  if (hit.input != start_.fromOutput)
    return start_.fromOutput ? GraphScene::tr("Wires lead from an output to an input; this is an output, too.")
                             : GraphScene::tr("Wires lead from an output to an input; this is an input, too.");
  const graph::Wire wire = wireTo(hit.port);
  return whyNot(scene_.document(), wire.from, wire.to);
}

void WireGesture::move(QPointF at) {
  moved_ |= QLineF(pressed_, at).length() > kDragStart;
  const auto hit = scene_.portAt(at, kPortReach * 2);
  const bool own = hit && hit->port == start_.port;
  const QString why = hit && !own ? refusal(*hit) : QString();
  light();
  QPointF end = at;
  if (hit && !own && why.isEmpty()) {
    NodeItem* item = scene_.item(hit->port.node);
    end = item->portPosition(hit->input, hit->port.port);
    item->setLights(hit->input, NodeItem::Light::Target, hit->port.port);
  }
  const QPointF anchor = scene_.item(start_.port.node)->portPosition(!start_.fromOutput, start_.port.port);
  line_->setPath(start_.fromOutput ? looseWire(anchor, end) : looseWire(end, anchor));
  if (!why.isEmpty()) return scene_.hint(why);
  scene_.hint(hit      ? QString()
              : taken_ ? GraphScene::tr("Release to remove the wire")
                       : GraphScene::tr("Release to add a layer here"));
}

void WireGesture::finish(QPointF at) {
  move(at);
  const auto hit = scene_.portAt(at, kPortReach * 2);
  scene_.hint({});
  if (hit && hit->port == start_.port) return;
  if (hit) {
    if (const QString why = refusal(*hit); !why.isEmpty()) return scene_.hint(why);
    const graph::Wire wire = wireTo(hit->port);
    if (taken_ && *taken_ == wire) return;
    graph::Edit edit = graph::connect(scene_.document(), wire);
    if (taken_) edit.steps.insert(edit.steps.begin(), graph::Disconnect{*taken_});
    scene_.send(edit);
    return;
  }
  if (!moved_) return;
  if (taken_) {
    scene_.send(graph::disconnect(*taken_));
    return;
  }
  Q_EMIT scene_.quickAddAsked(at, start_);
}

void WireGesture::cancel() { scene_.hint({}); }

}  // namespace netwright::editor
