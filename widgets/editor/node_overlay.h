// SPDX-License-Identifier: GPL-3.0-or-later
// What a run tells of each node, below the node on the canvas: mean and spread of its output, size of its gradients.
#pragma once

#include <QGraphicsItem>
#include <QObject>
#include <QString>
#include <map>

#include "core/base/ids.h"
#include "core/run/message.h"

namespace netwright::editor {

class GraphScene;

class NodeOverlay : public QObject {
  Q_OBJECT

 public:
  explicit NodeOverlay(GraphScene* scene);
  void show(const run::NodeStatistics& statistics);
  void clear();
  QString text(NodeId node) const;  // "0.12 ± 0.98 · grad 0.0031"; empty: nothing is told of it

 private:
  const run::NodeStatistics::Node* told(NodeId node) const;  // of the body that is shown; null if nothing is known
  void display();

  GraphScene* scene_;
  std::map<NodeId, run::NodeStatistics::Node> told_;  // by number in the flat graph
};

}  // namespace netwright::editor
