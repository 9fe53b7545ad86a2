// SPDX-License-Identifier: GPL-3.0-or-later
// What a run tells of each node, below the node on the canvas: mean and spread of its output, size of its gradients; of
// control flow how often each of its bodies ran in the batch, what ran lit.
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
  // "0.12 ± 0.98 · grad 0.0031", "then ×3 · otherwise ×1", "5 steps", "did not run"; empty: nothing is told of it
  QString text(NodeId node) const;

 private:
  const run::NodeStatistics::Node* told(NodeId node) const;  // of the body that is shown; null if nothing is known
  bool idle() const;                                         // the shown body of control flow was not run in that batch
  void display();

  GraphScene* scene_;
  std::map<NodeId, run::NodeStatistics::Node> told_;  // by number in the flat graph
};

}  // namespace netwright::editor
