// SPDX-License-Identifier: GPL-3.0-or-later
// The canvas: keeps one item per node and wire of the open project in step with the model, and turns gestures into
// edits. Items know ids, never nodes of the document.
#pragma once

#include <QGraphicsScene>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/graph/edit.h"
#include "core/layers/layer_spec.h"
#include "widgets/editor/edits.h"

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::editor {

class Gesture;
class NodeItem;
class WireItem;

struct PortHit {
  PortRef port;
  bool input = false;
};

class GraphScene : public QGraphicsScene {
  Q_OBJECT

 public:
  explicit GraphScene(bridge::ProjectModel* model, QObject* parent = nullptr);
  ~GraphScene() override;

  bridge::ProjectModel& model() const { return *model_; }
  const graph::Document& document() const;
  NodeItem* item(NodeId node) const;  // null if there is none
  WireItem* wireItem(const graph::Wire& wire) const;
  const std::map<NodeId, NodeItem*>& nodeItems() const { return nodes_; }
  QRectF contentRect() const;  // of all nodes and wires

  // Selection, by id.
  std::vector<NodeId> selectedNodes() const;  // in document order
  std::vector<graph::Wire> selectedWires() const;
  void select(const std::vector<NodeId>& nodes);
  void selectAll();
  NodeId currentNode() const;  // the last one selected or walked to
  void setCurrentNode(NodeId node);

  // What is under a point of the scene.
  std::optional<PortHit> portAt(QPointF at, double reach) const;
  NodeItem* nodeAt(QPointF at) const;
  WireItem* wireAt(QPointF at) const;

  // Edits of the selection or at a place; refusals are told by hinted().
  bool send(const graph::Edit& edit, const QString& mergeKey = {});
  void removeSelection();
  void duplicateSelection();
  void copySelection(bool cut = false);
  void pasteClipboard(std::optional<QPointF> at = {});
  void moveSelection(QPointF by);
  NodeId addLayer(const layers::LayerSpec& layer, QPointF at, const std::optional<WireStart>& start);
  NodeId addLayerBesideSelection(const layers::LayerSpec& layer, QPointF fallback);  // joined to the selected node
  NodeId dropLayer(const layers::LayerSpec& layer, QPointF centre);  // into the wire below it, if there is one
  void arrange(QSizeF view);

  void layoutWires();           // routes all wires and finds places for their labels
  void setLifted(NodeId node);  // wires do not make way for it while it is in the hand; none: all stand
  void markInsertTarget(const WireItem* wire);
  void hint(const QString& text) { Q_EMIT hinted(text); }
  void setWiresSelectable(bool on);  // off while a rubber band is drawn: it chooses nodes
  bool hasGesture() const;
  bool cancelGesture();  // Escape; true if there was one

 Q_SIGNALS:
  void hinted(
      const QString& text);  // why something is refused, or what releasing the mouse would do; empty: nothing to say
  void quickAddAsked(QPointF at, const std::optional<netwright::editor::WireStart>& start);

 protected:
  void mousePressEvent(QGraphicsSceneMouseEvent* event) override;
  void mouseMoveEvent(QGraphicsSceneMouseEvent* event) override;
  void mouseReleaseEvent(QGraphicsSceneMouseEvent* event) override;
  void mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) override;

 private:
  void rebuild();
  void removeItems();
  void sync();
  void syncNodes();
  void syncWires();
  void refreshFaces();
  void layoutLabels(std::vector<QRectF> blocked);
  void clickNode(NodeItem& item, Qt::KeyboardModifiers modifiers);

  bridge::ProjectModel* model_;
  std::map<NodeId, NodeItem*> nodes_;
  std::map<graph::Wire, WireItem*> wires_;
  std::unique_ptr<Gesture> gesture_;
  NodeId current_, lifted_;
  int moves_ = 0;  // keyboard moves in a row merge; anything else starts a new count
};

}  // namespace netwright::editor
