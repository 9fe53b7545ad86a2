// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/gesture.h"

#include <fmt/format.h>

#include <QGraphicsPathItem>
#include <QLineF>
#include <QPen>
#include <algorithm>
#include <cmath>

#include "core/layers/registry.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/annotation_item.h"
#include "widgets/editor/annotations.h"
#include "widgets/editor/fit.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/wire_item.h"
#include "widgets/editor/wire_route.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr size_t kAskAll = 300;  // with more nodes, only the one under the pointer is asked whether it fits

QPointF snapped(QPointF p) { return {std::round(p.x() / kGrid) * kGrid, std::round(p.y() / kGrid) * kGrid}; }

}  // namespace

MoveGesture::MoveGesture(GraphScene& scene, QPointF from) : scene_(scene), from_(from) {
  const auto chosen = scene_.selectedNodes();
  moved_.insert(chosen.begin(), chosen.end());
  std::map<NodeId, QRectF> bodies;
  const std::vector<int64_t> frames = scene_.selectedAnnotations();
  if (!frames.empty())
    for (const auto& [id, item] : scene_.nodeItems()) bodies[id] = item->sceneBody();
  std::set<int64_t> annotations;
  for (const int64_t frame : frames) {
    const Contents contents = contentsOf(scene_.document(), *scene_.document().findAnnotation(frame), bodies);
    moved_.insert(contents.nodes.begin(), contents.nodes.end());
    annotations.insert(contents.annotations.begin(), contents.annotations.end());
    annotations.insert(frame);
  }
  for (const NodeId id : moved_) starts_[id] = scene_.item(id)->pos();
  for (const int64_t id : annotations) annotationStarts_[id] = scene_.annotationItem(id)->pos();
  anchor_ = !annotationStarts_.empty() ? annotationStarts_.begin()->second : starts_.begin()->second;
}

MoveGesture::~MoveGesture() { scene_.setLifted({}); }

void MoveGesture::place(QPointF offset) {
  const QPointF by = offset - offset_;
  if (by.isNull()) return;
  offset_ = offset;
  for (const auto& [id, start] : starts_)
    if (NodeItem* item = scene_.item(id)) item->setPos(start + offset);
  for (const auto& [id, start] : annotationStarts_)
    if (AnnotationItem* item = scene_.annotationItem(id)) item->setPos(start + offset);
  scene_.followMoved(moved_, by);
}

void MoveGesture::move(QPointF at) {
  started_ |= QLineF(from_, at).length() >= kDragStart;
  if (!started_) return;
  if (starts_.size() == 1) scene_.setLifted(starts_.begin()->first);
  const QPointF wanted = anchor_ + at - from_;
  place((scene_.snaps() ? snapped(wanted) : QPointF(wanted.toPoint())) - anchor_);
  WireItem* wire = insertTarget();
  scene_.markInsertTarget(wire);
  scene_.hint(wire ? GraphScene::tr("Release to put it into this wire") : QString());
}

WireItem* MoveGesture::insertTarget() const {
  if (starts_.size() != 1 || !annotationStarts_.empty()) return nullptr;
  const NodeItem* item = scene_.item(starts_.begin()->first);
  WireItem* wire = item ? scene_.wireAt(item->sceneBody().center()) : nullptr;
  if (!wire) return nullptr;
  return insertExisting(scene_.model().view(), item->node(), wire->wire(), {}).empty() ? nullptr : wire;
}

std::string MoveGesture::editName() const {
  if (!annotationStarts_.empty()) {
    const graph::Annotation* first = scene_.document().findAnnotation(annotationStarts_.begin()->first);
    return annotationStarts_.size() == 1 ? fmt::format("Move {}", first ? labelOf(*first).toStdString() : "")
                                         : fmt::format("Move {} items", annotationStarts_.size() + starts_.size());
  }
  const graph::Node* first = scene_.document().find(starts_.begin()->first);
  return starts_.size() == 1 ? fmt::format("Move {}", first ? first->name : "")
                             : fmt::format("Move {} nodes", starts_.size());
}

void MoveGesture::finish(QPointF at) {
  move(at);
  scene_.markInsertTarget(nullptr);
  scene_.setLifted({});
  scene_.hint({});
  if (!started_) return;
  if (const WireItem* wire = insertTarget()) {
    const QPointF place = scene_.item(starts_.begin()->first)->pos();
    scene_.send(insertExisting(scene_.model().view(), starts_.begin()->first, wire->wire(), {place.x(), place.y()}));
    return;
  }
  if (offset_.isNull()) return scene_.layoutWires();
  graph::Edit edit{editName(), {}};
  for (const auto& [id, start] : starts_)
    if (scene_.item(id)) edit.steps.push_back(graph::Move{id, {start.x() + offset_.x(), start.y() + offset_.y()}});
  for (const auto& [id, start] : annotationStarts_)
    if (const graph::Annotation* old = scene_.document().findAnnotation(id)) {
      graph::Annotation moved = *old;
      moved.position = {start.x() + offset_.x(), start.y() + offset_.y()};
      edit.steps.push_back(graph::SetAnnotation{std::move(moved)});
    }
  scene_.send(edit);
}

void MoveGesture::cancel() {
  place({});
  scene_.setLifted({});
  scene_.markInsertTarget(nullptr);
  scene_.layoutWires();
  scene_.hint({});
}

ResizeGesture::ResizeGesture(GraphScene& scene, int64_t annotation, QPointF from)
    : scene_(scene), annotation_(annotation), from_(from), start_(scene.annotationItem(annotation)->body().size()) {}

void ResizeGesture::move(QPointF at) {
  AnnotationItem* item = scene_.annotationItem(annotation_);
  if (!item) return;
  const QPointF wanted = QPointF(start_.width(), start_.height()) + at - from_;
  const QPointF size = scene_.snaps() ? snapped(wanted) : QPointF(wanted.toPoint());
  const double least = item->isFrame() ? kLeastFrame : kLeastNote;
  item->setSize({std::max(size.x(), least), std::max(size.y(), least)});
}

void ResizeGesture::finish(QPointF at) {
  move(at);
  const graph::Annotation* old = scene_.document().findAnnotation(annotation_);
  const AnnotationItem* item = scene_.annotationItem(annotation_);
  if (!old || !item || item->body().size() == start_) return;
  graph::Annotation after = *old;
  after.size = {item->body().width(), item->body().height()};
  scene_.send(changeAnnotation(scene_.document(), after, GraphScene::tr("Resize %1")));
}

void ResizeGesture::cancel() {
  if (AnnotationItem* item = scene_.annotationItem(annotation_)) item->setSize(start_);
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
  findClosing();
  light();
  move(at);
  moved_ = false;
}

WireGesture::~WireGesture() {
  if (WireItem* item = taken_ ? scene_.wireItem(*taken_) : nullptr) item->setVisible(true);
  for (const auto& [id, item] : scene_.nodeItems()) item->setLights({}, NodeItem::Light::Normal);
}

// From an output: what leads to it. From an input: what it leads to.
void WireGesture::findClosing() {
  std::map<NodeId, std::vector<NodeId>> next;
  for (const graph::Wire& w : scene_.document().wires) {
    const NodeId near = start_.fromOutput ? w.to.node : w.from.node, far = start_.fromOutput ? w.from.node : w.to.node;
    next[near].push_back(far);
  }
  std::vector<NodeId> todo{start_.port.node};
  while (!todo.empty()) {
    const NodeId at = todo.back();
    todo.pop_back();
    if (closing_.insert(at).second) todo.insert(todo.end(), next[at].begin(), next[at].end());
  }
}

void WireGesture::light() {
  for (const auto& [id, item] : scene_.nodeItems()) light(*item);
}

void WireGesture::light(NodeItem& item) {
  if (item.node() == start_.port.node) return;
  const auto& ports = start_.fromOutput ? item.face().inputs : item.face().outputs;
  if (ports.empty() || closing_.contains(item.node()))
    return item.setLights(start_.fromOutput, NodeItem::Light::Dimmed);
  const bool asks = scene_.nodeItems().size() <= kAskAll;
  const bool fits = !asks || std::any_of(ports.begin(), ports.end(), [&](const PortFace& port) {
    return misfit({{item.node(), port.name}, start_.fromOutput}).isEmpty();
  });
  item.setLights(start_.fromOutput, fits ? NodeItem::Light::Compatible : NodeItem::Light::Normal);
}

QString WireGesture::misfit(const PortHit& hit) const {
  const graph::Wire wire = wireTo(hit.port);
  const graph::Node* to = scene_.document().find(wire.to.node);
  const program::ValueType* type = scene_.model().typeAt(wire.from);
  return to && type && to->kind != graph::kInstance ? whyMisfit(*to, wire.to.port, *type) : QString();
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

// Dropped onto a node, a wire goes to its first free port, else to its first one.
std::optional<PortHit> WireGesture::hitAt(QPointF at) const {
  if (const auto port = scene_.portAt(at, kPortReach * 2)) return port;
  const NodeItem* node = scene_.nodeAt(at);
  if (!node || node->node() == start_.port.node) return std::nullopt;
  const auto& ports = start_.fromOutput ? node->face().inputs : node->face().outputs;
  if (ports.empty()) return std::nullopt;
  const auto free = std::find_if(ports.begin(), ports.end(), [](const PortFace& p) { return !p.connected; });
  return PortHit{{node->node(), (start_.fromOutput && free != ports.end() ? *free : ports.front()).name},
                 start_.fromOutput};
}

void WireGesture::move(QPointF at) {
  moved_ |= QLineF(pressed_, at).length() > kDragStart;
  const auto hit = hitAt(at);
  const bool own = hit && hit->port == start_.port;
  const QString why = hit && !own ? refusal(*hit) : QString();
  if (NodeItem* before = scene_.item(target_)) light(*before);
  target_ = {};
  QPointF end = at;
  if (hit && !own && why.isEmpty()) {
    NodeItem* item = scene_.item(hit->port.node);
    target_ = hit->port.node;
    end = item->portPosition(hit->input, hit->port.port);
    item->setLights(hit->input, NodeItem::Light::Target, hit->port.port);
  }
  const QPointF anchor = scene_.item(start_.port.node)->portPosition(!start_.fromOutput, start_.port.port);
  line_->setPath(start_.fromOutput ? looseWire(anchor, end) : looseWire(end, anchor));
  if (!why.isEmpty()) return scene_.hint(why);
  if (const QString wrong = hit && !own ? misfit(*hit) : QString(); !wrong.isEmpty())
    return scene_.hint(wrong + ' ' + GraphScene::tr("Release to connect it all the same."));
  scene_.hint(hit      ? QString()
              : taken_ ? GraphScene::tr("Release to remove the wire")
                       : GraphScene::tr("Release to add a layer here"));
}

void WireGesture::finish(QPointF at) {
  move(at);
  const auto hit = hitAt(at);
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
