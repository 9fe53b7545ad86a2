// SPDX-License-Identifier: GPL-3.0-or-later
// The part of GraphScene that finds, selects and takes the mouse.
#include "widgets/editor/graph_scene.h"

#include <QGraphicsSceneMouseEvent>
#include <utility>

#include "widgets/bridge/project_model.h"
#include "widgets/editor/annotation_item.h"
#include "widgets/editor/gesture.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/node_face.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/wire_item.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr Qt::KeyboardModifiers kAdding = Qt::ControlModifier | Qt::ShiftModifier;

template <class Item>
Item* firstAt(const QList<QGraphicsItem*>& items) {
  for (QGraphicsItem* under : items)
    if (auto* found = qgraphicsitem_cast<Item*>(under)) return found;
  return nullptr;
}

}  // namespace

GraphScene::GraphScene(bridge::ProjectModel* model, QObject* parent) : QGraphicsScene(parent), model_(model) {
  setItemIndexMethod(NoIndex);  // nodes move all the time; a linear search over a few thousand items is fast
  connect(model_, &bridge::ProjectModel::projectChanged, this, &GraphScene::rebuild);
  connect(model_, &bridge::ProjectModel::placeChanged, this, &GraphScene::rebuild);
  connect(model_, &bridge::ProjectModel::documentChanged, this, &GraphScene::sync);
  for (auto changed : {&bridge::ProjectModel::placeChanged, &bridge::ProjectModel::projectChanged})
    connect(model_, changed, this, &GraphScene::layersChanged);
  connect(model_, &bridge::ProjectModel::documentChanged, this, [this](const graph::Change& change) {
    if (change.blocks) Q_EMIT layersChanged();
  });
  connect(model_, &bridge::ProjectModel::settingsChanged, this, &GraphScene::refreshFaces);
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, &GraphScene::restyle);
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

AnnotationItem* GraphScene::annotationItem(int64_t annotation) const {
  const auto it = annotations_.find(annotation);
  return it == annotations_.end() ? nullptr : it->second;
}

QRectF GraphScene::contentRect() const {
  QRectF all;
  for (const auto& [id, item] : nodes_) all |= item->sceneBody();
  for (const auto& [wire, item] : wires_) all |= item->path().boundingRect();
  for (const auto& [id, item] : annotations_) all |= item->sceneBody();
  return all;
}

QRectF GraphScene::selectionRect() const {
  QRectF all;
  for (const auto& [id, item] : nodes_)
    if (item->isSelected()) all |= item->sceneBody();
  for (const auto& [id, item] : annotations_)
    if (item->isSelected()) all |= item->sceneBody();
  return all;
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

std::vector<int64_t> GraphScene::selectedAnnotations() const {
  std::vector<int64_t> chosen;
  for (const auto& [id, item] : annotations_)
    if (item->isSelected()) chosen.push_back(id);
  return chosen;
}

// Listeners hear of it once, however many are chosen.
void GraphScene::select(const std::vector<NodeId>& nodes, const std::vector<int64_t>& annotations) {
  {
    const QSignalBlocker quiet(this);
    clearSelection();
    for (const NodeId id : nodes)
      if (NodeItem* node = item(id)) node->setSelected(true);
    for (const int64_t id : annotations)
      if (AnnotationItem* annotation = annotationItem(id)) annotation->setSelected(true);
  }
  if (!nodes.empty()) setCurrentNode(nodes.back());
  Q_EMIT selectionChanged();
}

void GraphScene::selectAll() {
  {
    const QSignalBlocker quiet(this);
    for (const auto& [id, node] : nodes_) node->setSelected(true);
    for (const auto& [id, annotation] : annotations_) annotation->setSelected(true);
  }
  Q_EMIT selectionChanged();
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

NodeItem* GraphScene::nodeAt(QPointF at) const { return firstAt<NodeItem>(items(at)); }
WireItem* GraphScene::wireAt(QPointF at) const { return firstAt<WireItem>(items(at)); }
AnnotationItem* GraphScene::annotationAt(QPointF at) const { return firstAt<AnnotationItem>(items(at)); }

void GraphScene::click(QGraphicsItem& item, Qt::KeyboardModifiers modifiers) {
  if (modifiers & kAdding) return item.setSelected(!item.isSelected());
  if (item.isSelected()) return;
  clearSelection();
  item.setSelected(true);
}

// A second click on a value of the node edits it; the mark of its problems tells them.
void GraphScene::pressNode(NodeItem& node, QPointF at, Qt::KeyboardModifiers modifiers) {
  const bool alone = node.isSelected() && selectedItems().size() == 1 && !(modifiers & kAdding);
  const auto value = node.valueAt(at);
  click(node, modifiers);
  setCurrentNode(node.node());
  if (node.badgeRect().contains(at)) {
    Q_EMIT problemsAsked(node.node());
    return;
  }
  if (alone && value) pressedValue_ = {node.node(), node.face().values[*value].param};
  if (node.isSelected()) gesture_ = std::make_unique<MoveGesture>(*this, at);
}

void GraphScene::pressAnnotation(AnnotationItem& item, QPointF at, Qt::KeyboardModifiers modifiers) {
  click(item, modifiers);
  item.setFocus();
  current_ = {};
  if (!item.isSelected()) return;
  if (item.isOnHandle(at))
    gesture_ = std::make_unique<ResizeGesture>(*this, item.id(), at);
  else
    gesture_ = std::make_unique<MoveGesture>(*this, at);
}

void GraphScene::mousePressEvent(QGraphicsSceneMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return QGraphicsScene::mousePressEvent(event);
  event->accept();
  pressedValue_.reset();
  const QPointF at = event->scenePos();
  for (const auto& [id, node] : nodes_)  // a badge stands out of its node
    if (node->badgeRect().contains(at)) return pressNode(*node, at, event->modifiers());
  if (const auto hit = portAt(at, kPortReach)) {
    gesture_ = std::make_unique<WireGesture>(*this, *hit, at);
    return;
  }
  for (const auto& [id, annotation] : annotations_)  // the handle of a chosen one is never covered
    if (annotation->isSelected() && annotation->isOnHandle(at) && !nodeAt(at))
      return pressAnnotation(*annotation, at, event->modifiers());
  for (QGraphicsItem* under : items(at)) {
    if (auto* node = qgraphicsitem_cast<NodeItem*>(under)) return pressNode(*node, at, event->modifiers());
    if (auto* note = qgraphicsitem_cast<AnnotationItem*>(under)) return pressAnnotation(*note, at, event->modifiers());
    if (auto* wire = qgraphicsitem_cast<WireItem*>(under)) {
      if (!(event->modifiers() & kAdding)) clearSelection();
      return wire->setSelected(true);
    }
  }
  event->ignore();  // the view's rubber band
  if (!(event->modifiers() & kAdding)) clearSelection();
}

void GraphScene::mouseMoveEvent(QGraphicsSceneMouseEvent* event) {
  if (!gesture_) return QGraphicsScene::mouseMoveEvent(event);
  gesture_->move(event->scenePos());
}

void GraphScene::mouseReleaseEvent(QGraphicsSceneMouseEvent* event) {
  if (!gesture_ || event->button() != Qt::LeftButton) return QGraphicsScene::mouseReleaseEvent(event);
  const auto gesture = std::move(gesture_);  // an edit during finish() must not end it a second time
  const bool clicked = QLineF(event->buttonDownScenePos(Qt::LeftButton), event->scenePos()).length() < kDragStart;
  if (clicked && pressedValue_) {
    const auto [node, param] = *std::exchange(pressedValue_, std::nullopt);
    gesture->cancel();
    Q_EMIT valueEditAsked(node, QString::fromStdString(param));
    return;
  }
  gesture->finish(event->scenePos());
}

void GraphScene::mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  event->accept();
  const QPointF at = event->scenePos();
  NodeItem* node = nodeAt(at);
  if (portAt(at, kPortReach) || (node && node->badgeRect().contains(at))) return mousePressEvent(event);
  if (const graph::Node* own = node ? document().find(node->node()) : nullptr; own && !own->bodies.empty()) {
    click(*node, {});
    return enterSelection();
  }
  if (node && !node->face().values.empty()) {
    click(*node, {});
    const size_t value = node->valueAt(at).value_or(0);
    Q_EMIT valueEditAsked(node->node(), QString::fromStdString(node->face().values[value].param));
    return;
  }
  if (node || wireAt(at)) return mousePressEvent(event);
  if (AnnotationItem* annotation = annotationAt(at)) {
    click(*annotation, {});
    Q_EMIT annotationEditAsked(annotation->id());
    return;
  }
  Q_EMIT quickAddAsked(at, std::nullopt);
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
