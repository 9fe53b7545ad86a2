// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/graph_scene.h"

#include <QGraphicsSceneMouseEvent>
#include <algorithm>
#include <utility>

#include "core/layers/registry.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/gesture.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/node_face.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/node_style.h"
#include "widgets/editor/wire_item.h"
#include "widgets/editor/wire_route.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr size_t kCarefulWires = 150;  // with more, labels mind nodes and each other only

}  // namespace

GraphScene::GraphScene(bridge::ProjectModel* model, QObject* parent) : QGraphicsScene(parent), model_(model) {
  setItemIndexMethod(NoIndex);  // nodes move all the time; a linear search over a few thousand items is fast
  connect(model_, &bridge::ProjectModel::projectChanged, this, &GraphScene::rebuild);
  connect(model_, &bridge::ProjectModel::documentChanged, this, [this](const graph::Change&) { sync(); });
  connect(model_, &bridge::ProjectModel::settingsChanged, this, &GraphScene::refreshFaces);
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] {
    layoutWires();
    update();
  });
  rebuild();
}

GraphScene::~GraphScene() {
  blockSignals(true);
  removeItems();  // before the base class: a wire owns its label
}

const graph::Document& GraphScene::document() const { return model_->document(); }

NodeItem* GraphScene::item(NodeId node) const {
  const auto it = nodes_.find(node);
  return it == nodes_.end() ? nullptr : it->second;
}

WireItem* GraphScene::wireItem(const graph::Wire& wire) const {
  const auto it = wires_.find(wire);
  return it == wires_.end() ? nullptr : it->second;
}

QRectF GraphScene::contentRect() const {
  QRectF all;
  for (const auto& [id, item] : nodes_) all |= item->sceneBody();
  for (const auto& [wire, item] : wires_) all |= item->path().boundingRect();
  return all;
}

void GraphScene::rebuild() {
  removeItems();
  sync();
}

// Out of the maps first: a selected item that goes makes selectionChanged(), whose listeners ask for items.
void GraphScene::removeItems() {
  gesture_.reset();
  current_ = {};
  for (const auto& [wire, item] : std::exchange(wires_, {})) delete item;
  for (const auto& [id, item] : std::exchange(nodes_, {})) delete item;
}

void GraphScene::sync() {
  gesture_.reset();
  syncNodes();
  syncWires();
  layoutWires();
  const QRectF content = contentRect();
  setSceneRect(content.adjusted(-2000, -2000, 2000, 2000));
}

void GraphScene::syncNodes() {
  for (auto it = nodes_.begin(); it != nodes_.end();) {
    if (document().find(it->first)) {
      ++it;
      continue;
    }
    if (current_ == it->first) current_ = {};
    const std::unique_ptr<NodeItem> gone(it->second);
    it = nodes_.erase(it);
  }
  for (const graph::Node& node : document().nodes) {
    const NodeFace face = makeFace(document(), node, model_->prepared());
    NodeItem*& item = nodes_[node.id];
    if (!item) addItem(item = new NodeItem(node.id, face));
    item->setFace(face);
    item->setPos(node.position.x, node.position.y);
  }
}

void GraphScene::syncWires() {
  const auto& all = document().wires;
  for (auto it = wires_.begin(); it != wires_.end();) {
    if (std::find(all.begin(), all.end(), it->first) != all.end()) {
      ++it;
      continue;
    }
    const std::unique_ptr<WireItem> gone(it->second);
    it = wires_.erase(it);
  }
  for (const graph::Wire& wire : all) {
    if (!item(wire.from.node) || !item(wire.to.node)) continue;  // broken; listed as a problem
    WireItem*& item = wires_[wire];
    if (!item) addItem(item = new WireItem(wire));
    const program::ValueType* type = model_->prepared().lowered.typeAt(wire.from);
    const auto problems = problemsOf(wire.to.node, model_->prepared().diagnostics);
    const bool faulty = std::any_of(problems.begin(), problems.end(), [&](const Diagnostic* d) {
      return d->severity == Severity::Error && (d->port == wire.to.port || d->code.starts_with("NW-S"));
    });
    item->setMeaning(type ? shapeText(*type) : QString(), faulty);
  }
}

void GraphScene::refreshFaces() {
  syncNodes();
  syncWires();
  layoutWires();
}

void GraphScene::layoutWires() {
  std::vector<QRectF> bodies;
  for (const auto& [id, item] : nodes_) bodies.push_back(item->sceneBody());
  std::vector<QRectF> standing;
  for (const auto& [id, item] : nodes_)
    if (id != lifted_) standing.push_back(item->sceneBody());
  Router router(std::move(standing));
  for (const auto& [wire, wireItem] : wires_) {
    const NodeItem *from = item(wire.from.node), *to = item(wire.to.node);
    const RouteRequest request{from->portPosition(false, wire.from.port), to->portPosition(true, wire.to.port),
                               from->sceneBody(), to->sceneBody()};
    wireItem->setPath(router.route(request));
  }
  layoutLabels(std::move(bodies));
}

// `blocked` are the nodes' bodies; labels are added as they find their places.
void GraphScene::layoutLabels(std::vector<QRectF> blocked) {
  for (QRectF& body : blocked) body.adjust(-2, -2, 2, 2);
  std::vector<std::vector<QPointF>> samples;
  if (wires_.size() <= kCarefulWires)
    for (const auto& [wire, wireItem] : wires_) samples.push_back(samplePoints(wireItem->path()));
  size_t index = 0;
  for (const auto& [wire, wireItem] : wires_) {
    std::vector<QPointF> crossing;
    const QRectF near = wireItem->path().boundingRect().adjusted(-20, -20, 20, 20);
    for (size_t other = 0; other < samples.size(); ++other)
      for (const QPointF& p : samples[other])
        if (other != index && near.contains(p)) crossing.push_back(p);
    ++index;
    const QRectF box = placeLabel(wireItem->path(), wireItem->labelSize(), blocked, crossing);
    if (!box.isNull()) blocked.push_back(box.adjusted(-2, -2, 2, 2));
    wireItem->setLabelBox(box);
  }
}

void GraphScene::setLifted(NodeId node) { lifted_ = node; }

void GraphScene::markInsertTarget(const WireItem* target) {
  for (const auto& [wire, wireItem] : wires_) wireItem->setInsertTarget(wireItem == target);
}

std::vector<NodeId> GraphScene::selectedNodes() const {
  std::vector<NodeId> chosen;
  for (const graph::Node& n : document().nodes)
    if (const NodeItem* node = item(n.id); node && node->isSelected()) chosen.push_back(n.id);
  return chosen;
}

std::vector<graph::Wire> GraphScene::selectedWires() const {
  std::vector<graph::Wire> chosen;
  for (const auto& [wire, wireItem] : wires_)
    if (wireItem->isSelected()) chosen.push_back(wire);
  return chosen;
}

void GraphScene::select(const std::vector<NodeId>& nodes) {
  clearSelection();
  for (const NodeId id : nodes)
    if (NodeItem* node = item(id)) node->setSelected(true);
  if (!nodes.empty()) setCurrentNode(nodes.back());
}

void GraphScene::selectAll() {
  for (const auto& [id, node] : nodes_) node->setSelected(true);
}

NodeId GraphScene::currentNode() const { return current_; }

void GraphScene::setCurrentNode(NodeId id) {
  current_ = id;
  if (NodeItem* node = item(id)) node->setFocus();
}

std::optional<PortHit> GraphScene::portAt(QPointF at, double reach) const {
  std::optional<PortHit> best;
  double nearest = reach;
  for (const auto& [id, node] : nodes_) {
    if (!node->sceneBody().adjusted(-reach, -reach, reach, reach).contains(at)) continue;
    for (const bool input : {true, false})
      for (const PortFace& port : input ? node->face().inputs : node->face().outputs) {
        const double distance = QLineF(at, node->portPosition(input, port.name)).length();
        if (distance >= nearest) continue;
        nearest = distance;
        best = PortHit{{id, port.name}, input};
      }
  }
  return best;
}

NodeItem* GraphScene::nodeAt(QPointF at) const {
  for (QGraphicsItem* under : items(at))
    if (auto* node = qgraphicsitem_cast<NodeItem*>(under)) return node;
  return nullptr;
}

WireItem* GraphScene::wireAt(QPointF at) const {
  for (QGraphicsItem* under : items(at))
    if (auto* wire = qgraphicsitem_cast<WireItem*>(under)) return wire;
  return nullptr;
}

void GraphScene::clickNode(NodeItem& node, Qt::KeyboardModifiers modifiers) {
  if (modifiers & (Qt::ControlModifier | Qt::ShiftModifier)) {
    node.setSelected(!node.isSelected());
  } else if (!node.isSelected()) {
    clearSelection();
    node.setSelected(true);
  }
  setCurrentNode(node.node());
}

void GraphScene::mousePressEvent(QGraphicsSceneMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return QGraphicsScene::mousePressEvent(event);
  event->accept();
  const QPointF at = event->scenePos();
  if (const auto hit = portAt(at, kPortReach)) {
    gesture_ = std::make_unique<WireGesture>(*this, *hit, at);
  } else if (NodeItem* node = nodeAt(at)) {
    clickNode(*node, event->modifiers());
    if (node->isSelected()) gesture_ = std::make_unique<MoveGesture>(*this, at);
  } else if (WireItem* wire = wireAt(at)) {
    if (!(event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier))) clearSelection();
    wire->setSelected(true);
  } else {
    event->ignore();  // the view's rubber band
    if (!(event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier))) clearSelection();
  }
}

void GraphScene::mouseMoveEvent(QGraphicsSceneMouseEvent* event) {
  if (!gesture_) return QGraphicsScene::mouseMoveEvent(event);
  gesture_->move(event->scenePos());
}

void GraphScene::mouseReleaseEvent(QGraphicsSceneMouseEvent* event) {
  if (!gesture_ || event->button() != Qt::LeftButton) return QGraphicsScene::mouseReleaseEvent(event);
  const auto gesture = std::move(gesture_);  // an edit during finish() must not end it a second time
  gesture->finish(event->scenePos());
}

void GraphScene::mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  if (portAt(event->scenePos(), kPortReach) || nodeAt(event->scenePos()) || wireAt(event->scenePos()))
    return mousePressEvent(event);
  event->accept();
  Q_EMIT quickAddAsked(event->scenePos(), std::nullopt);
}

void GraphScene::setWiresSelectable(bool on) {
  for (const auto& [wire, item] : wires_) item->setFlag(QGraphicsItem::ItemIsSelectable, on);
}

bool GraphScene::hasGesture() const { return gesture_ != nullptr; }

bool GraphScene::cancelGesture() {
  if (!gesture_) return false;
  gesture_->cancel();
  gesture_.reset();
  return true;
}

}  // namespace netwright::editor
