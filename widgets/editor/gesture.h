// SPDX-License-Identifier: GPL-3.0-or-later
// What the mouse is doing on the canvas between press and release: moving nodes or drawing a wire. Owned by GraphScene.
#pragma once

#include <QPointF>
#include <map>
#include <optional>
#include <set>

#include "widgets/editor/graph_scene.h"

QT_BEGIN_NAMESPACE
class QGraphicsPathItem;
QT_END_NAMESPACE

namespace netwright::editor {

// Nothing reaches the model before finish(), which makes one edit. cancel() leaves everything as it was.
class Gesture {
 public:
  virtual ~Gesture() = default;
  virtual void move(QPointF at) = 0;
  virtual void finish(QPointF at) = 0;
  virtual void cancel() = 0;
};

// Moves what is selected, and with frames what lies in them; a single loose node may be dropped into a wire.
class MoveGesture final : public Gesture {
 public:
  MoveGesture(GraphScene& scene, QPointF from);
  ~MoveGesture() override;
  void move(QPointF at) override;
  void finish(QPointF at) override;
  void cancel() override;

 private:
  void place(QPointF offset);
  WireItem* insertTarget() const;
  std::string editName() const;
  GraphScene& scene_;
  QPointF from_, offset_;
  QPointF anchor_;  // where the first of them stood: it snaps, the others keep their distance
  std::map<NodeId, QPointF> starts_;
  std::map<int64_t, QPointF> annotationStarts_;
  std::set<NodeId> moved_;
  bool started_ = false;  // the hand has moved far enough
};

// Draws the corner of a frame or note.
class ResizeGesture final : public Gesture {
 public:
  ResizeGesture(GraphScene& scene, int64_t annotation, QPointF from);
  void move(QPointF at) override;
  void finish(QPointF at) override;
  void cancel() override;

 private:
  GraphScene& scene_;
  int64_t annotation_;
  QPointF from_;
  QSizeF start_;
};

// Draws a wire from a port, or takes the end of an existing one away from its input.
class WireGesture final : public Gesture {
 public:
  WireGesture(GraphScene& scene, const PortHit& hit, QPointF at);
  ~WireGesture() override;
  void move(QPointF at) override;
  void finish(QPointF at) override;
  void cancel() override;

 private:
  std::optional<PortHit> hitAt(QPointF at) const;  // a port there, or the fitting one of the node there
  void findClosing();
  void light();
  void light(NodeItem& item);
  QString misfit(const PortHit& hit) const;  // why the shape or type would be wrong there; the wire is allowed
  graph::Wire wireTo(const PortRef& port) const;
  QString refusal(const PortHit& hit) const;
  GraphScene& scene_;
  WireStart start_;
  std::optional<graph::Wire> taken_;  // the wire whose end is in the hand
  QPointF pressed_;
  bool moved_ = false;
  std::set<NodeId> closing_;  // a wire to them would close a cycle
  NodeId target_;             // lit as the target
  std::unique_ptr<QGraphicsPathItem> line_;
};

}  // namespace netwright::editor
