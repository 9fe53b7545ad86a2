// SPDX-License-Identifier: GPL-3.0-or-later
// A node on the canvas: paints its NodeFace and knows where its ports are. Moved and changed by GraphScene only.
#pragma once

#include <QGraphicsItem>
#include <optional>

#include "core/base/ids.h"
#include "widgets/editor/node_face.h"

namespace netwright::editor {

class NodeItem : public QGraphicsItem {
 public:
  enum { Type = UserType + 1 };
  enum class Light { Normal, Compatible, Target, Dimmed };  // while a wire is drawn

  NodeItem(NodeId node, const NodeFace& face);

  NodeId node() const { return node_; }
  const NodeFace& face() const { return face_; }
  void setFace(const NodeFace& face);
  // Ports of this side as given, all others of the node dimmed; empty `side` takes it back.
  void setLights(std::optional<bool> inputSide, Light light, const std::string& port = {});

  QSizeF size() const { return {body().width(), body().height()}; }
  QRectF body() const;  // in item coordinates
  QRectF sceneBody() const { return body().translated(pos()); }
  QPointF portPosition(bool input, const std::string& port) const;  // in scene coordinates
  // In scene coordinates: where the index-th value of the face stands, and the mark of its problems (null without one).
  QRectF valueRect(size_t index) const;
  std::optional<size_t> valueAt(QPointF scenePoint) const;
  QRectF badgeRect() const;

  int type() const override { return Type; }
  QRectF boundingRect() const override;
  QPainterPath shape() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  void paintFlat(QPainter& painter) const;
  void paintBody(QPainter& painter) const;
  void paintBypass(QPainter& p) const;
  void paintDot(QPainter& p) const;
  void paintHeader(QPainter& painter) const;
  void paintLines(QPainter& painter, bool small) const;
  void paintValues(QPainter& painter, const QRectF& row) const;
  QRectF lineRect(int row) const;  // of the text rows below the header
  void paintPorts(QPainter& painter, bool names) const;
  void paintPort(QPainter& painter, const PortFace& port, bool input, QPointF at) const;
  void paintBadge(QPainter& painter) const;
  double textLeft() const;
  double textRight() const;
  double portNameWidth(const std::vector<PortFace>& ports) const;

  NodeId node_;
  NodeFace face_;
  std::optional<bool> litSide_;
  Light light_ = Light::Normal;
  std::string litPort_;
};

}  // namespace netwright::editor
