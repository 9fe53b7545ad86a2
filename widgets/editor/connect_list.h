// SPDX-License-Identifier: GPL-3.0-or-later
// Connecting without the mouse: every port that the chosen node can be joined to, to pick from by typing. Opened by
// GraphView; closes itself.
#pragma once

#include <QFrame>
#include <vector>

#include "core/graph/view.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QListWidget;
QT_END_NAMESPACE

namespace netwright::editor {

// The wires that one more edit could make at this node: from its outputs first, then into its inputs. Those that would
// close a cycle or are there already are left out; free inputs come before taken ones, whose wire is replaced.
std::vector<graph::Wire> possibleWires(const graph::View& view, NodeId node);

class ConnectList : public QFrame {
  Q_OBJECT

 public:
  ConnectList(const graph::View& view, NodeId node, QWidget* parent);
  void popUp(QPoint globalPosition);
  QLineEdit* field() const { return field_; }
  QListWidget* list() const { return list_; }

 Q_SIGNALS:
  void picked(const netwright::graph::Wire& wire);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void search(const QString& words);
  void step(int rows);
  void pick();

  std::vector<graph::Wire> wires_;
  QStringList texts_;
  QLineEdit* field_;
  QListWidget* list_;
  QLabel* nothing_;
};

}  // namespace netwright::editor
