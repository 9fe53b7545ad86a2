// SPDX-License-Identifier: GPL-3.0-or-later
// The part of GraphScene that changes the model.
#include <fmt/format.h>

#include <QClipboard>
#include <QGuiApplication>
#include <algorithm>

#include "core/layers/registry.h"
#include "core/project/fix_edit.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/auto_layout.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/wire_item.h"

namespace netwright::editor {
namespace {

graph::Point point(QPointF p) { return {p.x(), p.y()}; }

}  // namespace

bool GraphScene::send(const graph::Edit& edit, const QString& mergeKey) {
  if (mergeKey.isEmpty()) ++moves_;
  const QString refused = model_->apply(edit, mergeKey);
  Q_EMIT hinted(refused);
  if (!refused.isEmpty()) layoutWires();
  return refused.isEmpty();
}

void GraphScene::removeSelection() {
  const std::vector<NodeId> nodes = selectedNodes();
  const std::vector<graph::Wire> wires = selectedWires();
  graph::Edit edit = nodes.empty() ? graph::Edit{} : graph::removeNodes(document(), nodes, true);
  for (const graph::Wire& w : wires) {
    const auto removed = [&](const graph::Step& s) {
      return std::holds_alternative<graph::Disconnect>(s) && std::get<graph::Disconnect>(s).wire == w;
    };
    if (std::none_of(edit.steps.begin(), edit.steps.end(), removed))
      edit.steps.insert(edit.steps.begin(), graph::Disconnect{w});
  }
  if (nodes.empty()) edit.name = wires.size() == 1 ? "Remove wire" : fmt::format("Remove {} wires", wires.size());
  send(edit);
}

void GraphScene::duplicateSelection() {
  const Pasted copy = paste(document(), copyText(document(), selectedNodes()), {30, kNodeHeight + kStackGap});
  if (!copy.nodes.empty() && send(copy.edit)) select(copy.nodes);
}

void GraphScene::copySelection(bool cut) {
  const QString text = copyText(document(), selectedNodes());
  if (text.isEmpty()) return;
  QGuiApplication::clipboard()->setText(text);
  if (cut) removeSelection();
}

void GraphScene::pasteClipboard(std::optional<QPointF> at) {
  const std::optional<graph::Point> place = at ? std::optional(point(*at)) : std::nullopt;
  const Pasted pasted = paste(document(), QGuiApplication::clipboard()->text(), {30, kNodeHeight + kStackGap}, place);
  if (!pasted.refused.isEmpty()) return hint(pasted.refused);
  if (send(pasted.edit)) select(pasted.nodes);
}

void GraphScene::moveSelection(QPointF by) {
  graph::Edit edit;
  const std::vector<NodeId> nodes = selectedNodes();
  for (const NodeId id : nodes) {
    const graph::Point old = document().find(id)->position;
    edit.steps.push_back(graph::Move{id, {old.x + by.x(), old.y + by.y()}});
  }
  if (nodes.empty()) return;
  edit.name = nodes.size() == 1 ? fmt::format("Move {}", document().find(nodes.front())->name)
                                : fmt::format("Move {} nodes", nodes.size());
  QString key = QString("keys %1").arg(moves_);
  for (const NodeId id : nodes) key += QString(" %1").arg(id.value);
  send(edit, key);
}

NodeId GraphScene::addLayer(const layers::LayerSpec& layer, QPointF at, const std::optional<WireStart>& start) {
  NodeId added;
  const graph::Edit edit = editor::addLayer(document(), layer, freePlace(document(), point(at)), start, &added);
  if (!send(edit)) return {};
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
    if (!send(project::insertIntoWire(document(), std::move(node), *next))) return {};
    select({id});
    return id;
  }
  return addLayer(layer, before->pos() + QPointF(kColumnPitch, 0), WireStart{from, true});
}

NodeId GraphScene::dropLayer(const layers::LayerSpec& layer, QPointF centre) {
  const QPointF corner = centre - QPointF(kNodeWidth, kNodeHeight) / 2;
  const WireItem* wire = wireAt(centre);
  if (!wire || layer.inputs.empty() || layer.outputs.empty()) return addLayer(layer, corner, std::nullopt);
  graph::Node node = layers::newNode(layer, document(), {});
  const NodeId id = node.id;
  if (!send(project::insertIntoWire(document(), std::move(node), wire->wire()))) return {};
  select({id});
  return id;
}

void GraphScene::arrange(QSizeF view) {
  LayoutOptions options;
  options.view = view;
  for (const auto& [id, node] : nodes_) options.sizes[id] = node->size();
  send(arrangeEdit(document(), options));
}

}  // namespace netwright::editor
