// SPDX-License-Identifier: GPL-3.0-or-later
// The part of GraphScene that changes the model.
#include <fmt/format.h>

#include <QClipboard>
#include <QGuiApplication>
#include <algorithm>
#include <cmath>
#include <set>

#include "core/layers/new_bodies.h"
#include "core/layers/registry.h"
#include "core/layers/reroute.h"
#include "core/project/fix_edit.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/annotation_item.h"
#include "widgets/editor/annotations.h"
#include "widgets/editor/auto_layout.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/layer_marks.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/wire_item.h"

namespace netwright::editor {
namespace {

graph::Point point(QPointF p) { return {p.x(), p.y()}; }

}  // namespace

bool GraphScene::send(const graph::Edit& edit, const QString& mergeKey) {
  if (mergeKey.isEmpty()) ++moves_;
  const QString refused = model_->apply(layers::addingBodies(edit, model_->root()), mergeKey);
  Q_EMIT hinted(refused);
  if (!refused.isEmpty()) layoutWires();
  return refused.isEmpty();
}

void GraphScene::removeSelection() {
  const std::vector<NodeId> nodes = selectedNodes();
  const std::vector<graph::Wire> wires = selectedWires();
  const std::vector<int64_t> annotations = selectedAnnotations();
  graph::Edit edit = nodes.empty() ? graph::Edit{} : graph::removeNodes(document(), nodes, true);
  for (const graph::Wire& w : wires) {
    const auto removed = [&](const graph::Step& s) {
      return std::holds_alternative<graph::Disconnect>(s) && std::get<graph::Disconnect>(s).wire == w;
    };
    if (std::none_of(edit.steps.begin(), edit.steps.end(), removed))
      edit.steps.insert(edit.steps.begin(), graph::Disconnect{w});
  }
  if (nodes.empty()) edit.name = wires.size() == 1 ? "Remove wire" : fmt::format("Remove {} wires", wires.size());
  for (const int64_t id : annotations) edit.steps.push_back(graph::RemoveAnnotation{id});
  if (nodes.empty() && wires.empty() && annotations.size() == 1)
    edit.name = fmt::format("Delete {}", labelOf(*document().findAnnotation(annotations.front())).toStdString());
  else if (!annotations.empty())
    edit.name = fmt::format("Delete {} items", nodes.size() + wires.size() + annotations.size());
  send(edit);
}

void GraphScene::duplicateSelection() {
  const QString text = copyText(model_->view(), selectedNodes(), selectedAnnotations());
  if (text.isEmpty()) return;
  Pasted copy = paste(model_->view(), text, {30, kNodeHeight + kStackGap});
  if (copy.edit.name.starts_with("Paste")) copy.edit.name.replace(0, 5, "Duplicate");
  if (copy.refused.isEmpty() && sendAnywhere(copy.edit)) select(copy.nodes, copy.annotations);
}

void GraphScene::copySelection(bool cut) {
  const QString text = copyText(model_->view(), selectedNodes(), selectedAnnotations());
  if (text.isEmpty()) return;
  QGuiApplication::clipboard()->setText(text);
  if (cut) removeSelection();
}

void GraphScene::pasteClipboard(std::optional<QPointF> at) { pasteText(QGuiApplication::clipboard()->text(), at); }

void GraphScene::pasteText(const QString& text, std::optional<QPointF> at) {
  if (!model_->isOpen()) return;
  const std::optional<graph::Point> place = at ? std::optional(point(*at)) : std::nullopt;
  const Pasted pasted = paste(model_->view(), text, {30, kNodeHeight + kStackGap}, place);
  if (!pasted.refused.isEmpty()) return hint(pasted.refused);
  if (sendAnywhere(pasted.edit)) select(pasted.nodes, pasted.annotations);
}

void GraphScene::moveSelection(QPointF by) {
  graph::Edit edit;
  const std::vector<NodeId> nodes = selectedNodes();
  const std::vector<int64_t> annotations = selectedAnnotations();
  if (nodes.empty() && annotations.empty()) return;
  std::set<NodeId> moved(nodes.begin(), nodes.end());
  std::set<int64_t> noted(annotations.begin(), annotations.end());
  std::map<NodeId, QRectF> bodies;
  for (const auto& [id, node] : nodes_) bodies[id] = node->sceneBody();
  for (const int64_t id : annotations) {
    const Contents contents = contentsOf(document(), *document().findAnnotation(id), bodies);
    moved.insert(contents.nodes.begin(), contents.nodes.end());
    noted.insert(contents.annotations.begin(), contents.annotations.end());
  }
  QString key = QString("keys %1").arg(moves_);
  for (const NodeId id : moved) {
    const graph::Point old = document().find(id)->position;
    edit.steps.push_back(graph::Move{id, {old.x + by.x(), old.y + by.y()}});
    key += QString(" %1").arg(id.value);
  }
  for (const int64_t id : noted) {
    graph::Annotation annotation = *document().findAnnotation(id);
    annotation.position = {annotation.position.x + by.x(), annotation.position.y + by.y()};
    edit.steps.push_back(graph::SetAnnotation{std::move(annotation)});
    key += QString(" #%1").arg(id);
  }
  if (annotations.empty())
    edit.name = nodes.size() == 1 ? fmt::format("Move {}", document().find(nodes.front())->name)
                                  : fmt::format("Move {} nodes", nodes.size());
  else if (annotations.size() == 1 && nodes.empty())
    edit.name = fmt::format("Move {}", labelOf(*document().findAnnotation(annotations.front())).toStdString());
  else
    edit.name = fmt::format("Move {} items", nodes.size() + annotations.size());
  send(edit, key);
}

int64_t GraphScene::addFrame(QPointF fallback) {
  QRectF around = selectionRect();
  if (around.isNull()) around = QRectF(fallback - QPointF(150, 80), QSizeF(300, 160));
  graph::Annotation frame = frameAround(document(), around);
  const int64_t id = frame.id;
  if (!send(addAnnotation(std::move(frame)))) return 0;
  select({}, {id});
  return id;
}

int64_t GraphScene::addNote(QPointF at) {
  graph::Annotation note = noteAt(document(), at);
  const auto taken = [&] {
    return std::any_of(nodes_.begin(), nodes_.end(), [&](const auto& entry) {
      return entry.second->sceneBody().adjusted(-kGrid, -kGrid, kGrid, kGrid).intersects(rectOf(note));
    });
  };
  for (int tries = 0; tries < 200 && taken(); ++tries) note.position.y += kGrid;
  const int64_t id = note.id;
  if (!send(addAnnotation(std::move(note)))) return 0;
  select({}, {id});
  return id;
}

// A note grows with its text.
void GraphScene::setAnnotationText(int64_t id, const QString& text) {
  const graph::Annotation* old = document().findAnnotation(id);
  if (!old || old->text == text.toStdString()) return;
  graph::Annotation after = *old;
  after.text = text.toStdString();
  if (after.kind == graph::Annotation::Kind::Note)
    after.size.y = std::max(after.size.y, std::ceil(AnnotationItem(after).neededHeight() / kGrid) * kGrid);
  send(changeAnnotation(document(), after,
                        after.kind == graph::Annotation::Kind::Frame ? tr("Rename %1") : tr("Write %1")));
}

void GraphScene::setAnnotationColour(const QString& colour) {
  graph::Edit all;
  for (const int64_t id : selectedAnnotations()) {
    graph::Annotation after = *document().findAnnotation(id);
    after.colour = colour.toStdString();
    const graph::Edit one = changeAnnotation(document(), after, tr("Colour %1"));
    all.steps.insert(all.steps.end(), one.steps.begin(), one.steps.end());
    all.name = all.steps.size() > 1 ? fmt::format("Colour {} items", all.steps.size()) : one.name;
  }
  send(all);
}

NodeId GraphScene::addLayer(const layers::LayerSpec& layer, QPointF at, const std::optional<WireStart>& start) {
  NodeId added;
  const graph::Edit edit = editor::addLayer(document(), layer, freePlace(document(), point(at)), start, &added);
  if (!send(edit)) return {};
  LayerMarks::instance().use(QString::fromStdString(layer.id));
  select({added});
  return added;
}

NodeId GraphScene::addLayerBesideSelection(const layers::LayerSpec& layer, QPointF fallback) {
  const std::vector<NodeId> chosen = selectedNodes();
  const NodeItem* before = chosen.size() == 1 ? item(chosen.front()) : nullptr;
  if (!before || before->face().outputs.empty() || layer.inputs.empty())
    return addLayer(layer, fallback - QPointF(kNodeWidth, kNodeHeight) / 2, std::nullopt);
  const PortRef from{before->node(), before->face().outputs.front().name};
  const auto& wires = document().wires;
  const auto next = std::find_if(wires.begin(), wires.end(), [&](const graph::Wire& w) { return w.from == from; });
  if (next != wires.end() && !layer.outputs.empty()) {  // in the middle of a chain: between this node and the next
    graph::Node node = layers::newNode(layer, document(), {});
    const NodeId id = node.id;
    if (!send(project::insertIntoWire(document(), layer, std::move(node), *next))) return {};
    LayerMarks::instance().use(QString::fromStdString(layer.id));
    select({id});
    return id;
  }
  return addLayer(layer, before->pos() + QPointF(kColumnPitch, 0), WireStart{from, true});
}

NodeId GraphScene::rerouteWire(const graph::Wire& wire, QPointF at) {
  NodeId dot;
  if (!send(reroute(document(), wire, point(at), &dot))) return {};
  select({dot});
  return dot;
}

void GraphScene::rerouteSelection() {
  const std::vector<graph::Wire> wires = selectedWires();
  const NodeItem* from = wires.size() == 1 ? item(wires.front().from.node) : nullptr;
  const NodeItem* to = from ? item(wires.front().to.node) : nullptr;
  if (!to) return hint(tr("Choose one wire to put a dot into it."));
  rerouteWire(wires.front(),
              (from->portPosition(false, wires.front().from.port) + to->portPosition(true, wires.front().to.port)) / 2);
}

NodeId GraphScene::dropLayer(const layers::LayerSpec& layer, QPointF centre) {
  const QPointF corner = centre - QPointF(kNodeWidth, kNodeHeight) / 2;
  const WireItem* wire = wireAt(centre);
  if (!wire || layer.inputs.empty() || layer.outputs.empty()) return addLayer(layer, corner, std::nullopt);
  if (layer.id == layers::kReroute) return rerouteWire(wire->wire(), centre);
  graph::Node node = layers::newNode(layer, document(), {});
  const NodeId id = node.id;
  if (!send(project::insertIntoWire(document(), layer, std::move(node), wire->wire()))) return {};
  LayerMarks::instance().use(QString::fromStdString(layer.id));
  select({id});
  return id;
}

void GraphScene::arrange(QSizeF view, bool selectionOnly) {
  LayoutOptions options;
  options.view = view;
  for (const auto& [id, node] : nodes_) options.sizes[id] = node->size();
  if (selectionOnly)
    for (const NodeId id : selectedNodes()) options.only.insert(id);
  if (selectionOnly) options.view = QSizeF(1e6, 1e6);  // a part stays in one row
  if (selectionOnly && options.only.size() < 2) return hint(tr("Choose two or more layers to arrange them."));
  graph::Edit edit = arrangeEdit(document(), options);
  followFrames(edit);
  send(edit);
}

// Frames go where the layers in them have gone.
void GraphScene::followFrames(graph::Edit& edit) const {
  std::map<NodeId, QRectF> before, after;
  for (const auto& [id, node] : nodes_) before[id] = after[id] = node->sceneBody();
  for (const graph::Step& step : edit.steps)
    if (const auto* move = std::get_if<graph::Move>(&step))
      after[move->node].moveTo(move->position.x, move->position.y);
  for (const graph::Annotation& frame : document().annotations) {
    QRectF around;
    bool moved = false;
    for (const NodeId id : contentsOf(document(), frame, before).nodes) {
      around |= after[id];
      moved |= after[id] != before[id];
    }
    if (!moved) continue;
    graph::Annotation placed = frameAround(document(), around);
    placed.id = frame.id;
    placed.text = frame.text;
    placed.colour = frame.colour;
    placed.unknown = frame.unknown;
    edit.steps.push_back(graph::SetAnnotation{std::move(placed)});
  }
}

std::map<NodeId, QSizeF> GraphScene::selectedSizes() const {
  std::map<NodeId, QSizeF> sizes;
  for (const NodeId id : selectedNodes()) sizes[id] = item(id)->size();
  return sizes;
}

void GraphScene::align(Align align) {
  const auto sizes = selectedSizes();
  if (sizes.size() < 2) return hint(tr("Choose two or more layers to align them."));
  send(alignEdit(document(), sizes, align));
}

void GraphScene::distribute(bool horizontally) {
  const auto sizes = selectedSizes();
  if (sizes.size() < 3) return hint(tr("Choose three or more layers to distribute them."));
  send(distributeEdit(document(), sizes, horizontally));
}

}  // namespace netwright::editor
