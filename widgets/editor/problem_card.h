// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with one node, beside it, with the buttons that repair it. Opened by GraphView at the node's mark;
// closes itself when something is repaired.
#pragma once

#include <QFrame>

#include "core/base/ids.h"

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::editor {

class ProblemCard : public QFrame {
  Q_OBJECT

 public:
  ProblemCard(bridge::ProjectModel& model, NodeId node, QWidget* parent);
  int count() const { return count_; }
  void popUp(QPoint globalPosition);

 private:
  int count_ = 0;
};

}  // namespace netwright::editor
