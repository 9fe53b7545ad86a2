// SPDX-License-Identifier: GPL-3.0-or-later
// What the mouse is doing on the canvas between press and release: moving nodes or drawing a wire. Owned by GraphScene.
#pragma once

#include <QPointF>
#include <map>
#include <optional>

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

// Moves the selected nodes; a single loose one may be dropped into a wire.
class MoveGesture final : public Gesture {
 public:
  MoveGesture(GraphScene& scene, QPointF from);
  ~MoveGesture() override;
  void move(QPointF at) override;
  void finish(QPointF at) override;
  void cancel() override;

 private:
  WireItem* insertTarget() const;
  GraphScene& scene_;
  QPointF from_;
  std::map<NodeId, QPointF> starts_;
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
  void light();
  graph::Wire wireTo(const PortRef& port) const;
  QString refusal(const PortHit& hit) const;
  GraphScene& scene_;
  WireStart start_;
  std::optional<graph::Wire> taken_;  // the wire whose end is in the hand
  QPointF pressed_;
  bool moved_ = false;
  std::unique_ptr<QGraphicsPathItem> line_;
};

}  // namespace netwright::editor
