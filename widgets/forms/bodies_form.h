// SPDX-License-Identifier: GPL-3.0-or-later
// Which blocks a node of control flow runs: one row for each body, to choose another, to open it; of a Switch bodies
// come and go.
#pragma once

#include <QWidget>
#include <vector>

#include "core/graph/document.h"

QT_BEGIN_NAMESPACE
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::forms {

// Made for one node; rebuilt by its owner when its bodies change.
class BodiesForm : public QWidget {
  Q_OBJECT

 public:
  BodiesForm(bridge::ProjectModel* model, const graph::Node& node, QWidget* parent = nullptr);

 private:
  void addRow(const graph::Node& node, size_t body);
  void addMore(const graph::Node& node);
  void choose(size_t body, BlockId block);  // 0: a new one
  void send(std::vector<BlockId> bodies, std::vector<graph::Block> fresh);

  bridge::ProjectModel* model_;
  NodeId node_;
  QVBoxLayout* column_;
};

// "then", "otherwise", "2": what a node calls its body.
QString bodyName(const graph::Node& node, size_t body);

}  // namespace netwright::forms
