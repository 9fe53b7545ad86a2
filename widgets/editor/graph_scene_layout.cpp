// SPDX-License-Identifier: GPL-3.0-or-later
// The part of GraphScene that brings items up to date with the model and lays out wires.
#include <QSignalBlocker>
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "widgets/bridge/project_model.h"
#include "widgets/editor/annotation_item.h"
#include "widgets/editor/gesture.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/node_face.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/node_style.h"
#include "widgets/editor/wire_item.h"
#include "widgets/editor/wire_layout.h"
#include "widgets/editor/wire_route.h"

namespace netwright::editor {
namespace {

constexpr size_t kFewWires = 150;  // so many are laid out anew while the hand moves
constexpr double kAround = 2000;   // empty canvas that can be scrolled to

}  // namespace

void GraphScene::rebuild() {
  removeItems();
  graph::Change all;
  all.structure = all.meaning = true;
  sync(all);
}

// Out of the maps first: a selected item that goes makes selectionChanged(), whose listeners ask for items.
void GraphScene::removeItems() {
  gesture_.reset();
  current_ = {};
  const bool selected = !selectedItems().empty();
  {
    const QSignalBlocker quiet(this);
    for (const auto& [wire, item] : std::exchange(wires_, {})) delete item;
    for (const auto& [id, item] : std::exchange(nodes_, {})) delete item;
    for (const auto& [id, item] : std::exchange(annotations_, {})) delete item;
  }
  if (selected) Q_EMIT selectionChanged();
}

void GraphScene::sync(const graph::Change& change) {
  gesture_.reset();
  if (change.structure || change.meaning) {
    syncNodes();
    syncWires();
  } else {
    syncPositions();
  }
  syncAnnotations();
  layoutWires();
  setSceneRect(contentRect().adjusted(-kAround, -kAround, kAround, kAround));
  Q_EMIT laidOut();
}

bool GraphScene::syncNodes() {
  bool other = false;
  std::unordered_set<NodeId> present;
  for (const graph::Node& node : document().nodes) present.insert(node.id);
  for (auto it = nodes_.begin(); it != nodes_.end();) {
    if (present.contains(it->first)) {
      ++it;
      continue;
    }
    if (current_ == it->first) current_ = {};
    const std::unique_ptr<NodeItem> gone(it->second);
    it = nodes_.erase(it);
    other = true;
  }
  const FaceSource source(model_->view(), model_->prepared(), costBatch_);
  for (const graph::Node& node : document().nodes) {
    const NodeFace face = makeFace(source, node);
    NodeItem*& item = nodes_[node.id];
    other |= !item;
    if (!item) addItem(item = new NodeItem(node.id, face));
    const QRectF before = item->sceneBody();
    item->setFace(face);
    item->setPos(node.position.x, node.position.y);
    other |= item->sceneBody() != before;
  }
  return other;
}

void GraphScene::syncPositions() {
  for (const graph::Node& node : document().nodes)
    if (NodeItem* found = item(node.id)) found->setPos(node.position.x, node.position.y);
}

bool GraphScene::syncWires() {
  bool other = false;
  const auto& all = document().wires;
  const std::set<graph::Wire> present(all.begin(), all.end());
  for (auto it = wires_.begin(); it != wires_.end();) {
    if (present.contains(it->first)) {
      ++it;
      continue;
    }
    const std::unique_ptr<WireItem> gone(it->second);
    it = wires_.erase(it);
    other = true;
  }
  const FaceSource source(model_->view(), model_->prepared(), costBatch_);
  for (const graph::Wire& wire : all) {
    if (!item(wire.from.node) || !item(wire.to.node)) continue;  // broken; listed as a problem
    WireItem*& item = wires_[wire];
    other |= !item;
    if (!item) addItem(item = new WireItem(wire));
    const QString before = item->text();
    const program::ValueType* type = source.typeAt(wire.from);
    const auto& problems = source.problemsOf(wire.to.node);
    const bool faulty = std::any_of(problems.begin(), problems.end(), [&](const Diagnostic* d) {
      return d->severity == Severity::Error && (d->port == wire.to.port || d->code.starts_with("NW-S"));
    });
    item->setMeaning(type ? shapeText(*type) : QString(), faulty);
    other |= item->text() != before;
  }
  return other;
}

void GraphScene::syncAnnotations() {
  for (auto it = annotations_.begin(); it != annotations_.end();) {
    if (document().findAnnotation(it->first)) {
      ++it;
      continue;
    }
    const std::unique_ptr<AnnotationItem> gone(it->second);
    it = annotations_.erase(it);
  }
  for (const graph::Annotation& annotation : document().annotations) {
    AnnotationItem*& item = annotations_[annotation.id];
    if (!item) addItem(item = new AnnotationItem(annotation));
    item->setAnnotation(annotation);
  }
}

void GraphScene::refreshFaces() {
  const bool nodes = syncNodes(), wires = syncWires();
  if (nodes || wires) layoutWires();
}

void GraphScene::setCostBatch(int64_t batch) {
  if (batch == costBatch_) return;
  costBatch_ = batch;
  syncNodes();
}

void GraphScene::restyle() {
  for (const auto& [id, item] : annotations_) item->restyle();
  layoutWires();
  update();
}

void GraphScene::layoutWires() { layOutWires(nodes_, wires_, lifted_); }

// Wires between two of them come along as they are; those that lead out are routed anew, and the labels of both follow.
// What stands still is laid out again when the hand lets go.
void GraphScene::followMoved(const std::set<NodeId>& moved, QPointF by) {
  if (wires_.size() <= kFewWires) return layoutWires();
  std::optional<Router> router;
  for (const auto& [wire, wireItem] : wires_) {
    const bool from = moved.contains(wire.from.node), to = moved.contains(wire.to.node);
    if (from && to) {
      wireItem->translate(by);
    } else if (from || to) {
      if (!router) {
        std::vector<QRectF> standing;
        for (const auto& [id, item] : nodes_)
          if (!moved.contains(id)) standing.push_back(item->sceneBody());
        router.emplace(standing);
      }
      routeWire(nodes_, *wireItem, *router);
      const QSizeF size = wireItem->labelSize();
      const QPointF middle = wireItem->path().pointAtPercent(0.5);
      wireItem->setLabelBox({middle - QPointF(size.width(), size.height()) / 2, size});
    }
  }
}

}  // namespace netwright::editor
