// SPDX-License-Identifier: GPL-3.0-or-later
// The canvas: keeps one item per node, wire and annotation of the open project in step with the model, and turns
// gestures into edits. Items know ids, never nodes of the document.
#pragma once

#include <QGraphicsScene>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "core/graph/edit.h"
#include "core/layers/layer_spec.h"
#include "widgets/editor/alignment.h"
#include "widgets/editor/edits.h"

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::editor {

class AnnotationItem;
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
  AnnotationItem* annotationItem(int64_t annotation) const;
  const std::map<NodeId, NodeItem*>& nodeItems() const { return nodes_; }
  const std::map<int64_t, AnnotationItem*>& annotationItems() const { return annotations_; }
  QRectF contentRect() const;    // of all nodes, wires and annotations
  QRectF selectionRect() const;  // null when nothing is selected

  // The layers that people add: registered ones by their id, the project's blocks as "block:3". Null for others.
  std::shared_ptr<const layers::LayerSpec> layer(const QString& id) const;
  // The same; a block of the user's library ("library:/path/Residual.json") comes into the project first.
  std::shared_ptr<const layers::LayerSpec> bring(const QString& id);
  // Blocks that may stand in the body that is shown: the project's, then those of the library that it lacks.
  std::vector<std::shared_ptr<const layers::LayerSpec>> blocks() const;
  void saveBlock();  // the chosen instance's, or the one that is shown, to the library

  // Selection, by id.
  std::vector<NodeId> selectedNodes() const;  // in document order
  std::vector<graph::Wire> selectedWires() const;
  std::vector<int64_t> selectedAnnotations() const;
  void select(const std::vector<NodeId>& nodes, const std::vector<int64_t>& annotations = {});
  void selectAll();
  NodeId currentNode() const;  // the last one selected or walked to
  void setCurrentNode(NodeId node);

  // What is under a point of the scene.
  std::optional<PortHit> portAt(QPointF at, double reach) const;
  NodeItem* nodeAt(QPointF at) const;
  WireItem* wireAt(QPointF at) const;
  AnnotationItem* annotationAt(QPointF at) const;

  // Edits of the selection or at a place; refusals are told by hinted().
  bool send(const graph::Edit& edit, const QString& mergeKey = {});
  bool sendAnywhere(const graph::Edit& edit);  // whose steps say where they happen
  void packSelection();
  void unpackSelection();
  NodeId rerouteWire(const graph::Wire& wire, QPointF at);
  void rerouteSelection();
  void toggleBypass();
  void showNextBody();  // of a node of control flow with several
  void enterSelection();
  void makeSelectionUnique();
  void toggleFrozen();  // whether the run trains the weights of the chosen nodes
  void removeSelection();
  void duplicateSelection();
  void copySelection(bool cut = false);
  void pasteClipboard(std::optional<QPointF> at = {});
  void pasteText(const QString& text, std::optional<QPointF> at = {});
  void moveSelection(QPointF by);
  NodeId addLayer(const layers::LayerSpec& layer, QPointF at, const std::optional<WireStart>& start);
  NodeId addLayerBesideSelection(const layers::LayerSpec& layer, QPointF fallback);  // joined to the selected node
  NodeId dropLayer(const layers::LayerSpec& layer, QPointF centre);  // into the wire below it, if there is one
  int64_t addFrame(QPointF fallback);                                // round the selection, else there
  int64_t addNote(QPointF at);
  void setAnnotationText(int64_t annotation, const QString& text);
  void setAnnotationColour(const QString& colour);  // of the selected ones
  void arrange(QSizeF view, bool selectionOnly = false);
  void align(Align align);
  void distribute(bool horizontally);

  void setCostBatch(int64_t batch);  // costs are shown for this many samples
  int64_t costBatch() const { return costBatch_; }
  void setSnaps(bool on) { snaps_ = on; }  // to the grid, when moved by the mouse
  bool snaps() const { return snaps_; }

  void layoutWires();                                           // routes all wires and finds places for their labels
  void followMoved(const std::set<NodeId>& moved, QPointF by);  // in the hand: their wires only
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
  void valueEditAsked(netwright::NodeId node, const QString& param);
  void annotationEditAsked(qint64 annotation);
  void problemsAsked(netwright::NodeId node);
  void layersChanged();  // blocks() are others
  void laidOut();        // items have come, gone or moved

 protected:
  void mousePressEvent(QGraphicsSceneMouseEvent* event) override;
  void mouseMoveEvent(QGraphicsSceneMouseEvent* event) override;
  void mouseReleaseEvent(QGraphicsSceneMouseEvent* event) override;
  void mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) override;

 private:
  void rebuild();
  void attempt(const std::function<graph::Edit()>& edit);
  void removeItems();
  void sync(const graph::Change& change);
  bool syncNodes();  // true if one has come, gone, moved or changed its size
  void syncPositions();
  bool syncWires();  // true if one has come, gone or changed the size of its label
  void syncAnnotations();
  void refreshFaces();
  void restyle();
  void pressNode(NodeItem& node, QPointF at, Qt::KeyboardModifiers modifiers);
  void pressAnnotation(AnnotationItem& item, QPointF at, Qt::KeyboardModifiers modifiers);
  void click(QGraphicsItem& item, Qt::KeyboardModifiers modifiers);
  std::map<NodeId, QSizeF> selectedSizes() const;
  void followFrames(graph::Edit& edit) const;

  bridge::ProjectModel* model_;
  std::map<NodeId, NodeItem*> nodes_;
  std::map<graph::Wire, WireItem*> wires_;
  std::map<int64_t, AnnotationItem*> annotations_;
  std::unique_ptr<Gesture> gesture_;
  std::optional<std::pair<NodeId, std::string>> pressedValue_;  // a click on it edits it
  NodeId current_, lifted_;
  int64_t costBatch_ = 1;
  bool snaps_ = true;
  int moves_ = 0;  // keyboard moves in a row merge; anything else starts a new count
};

}  // namespace netwright::editor
