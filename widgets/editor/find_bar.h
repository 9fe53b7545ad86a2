// SPDX-License-Identifier: GPL-3.0-or-later
// Search on the canvas: a field, the number of hits, and their list; goes from hit to hit. A child of GraphView.
#pragma once

#include <QFrame>

#include "widgets/editor/find_nodes.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QListWidget;
QT_END_NAMESPACE

namespace netwright::editor {

class GraphScene;

class FindBar : public QFrame {
  Q_OBJECT

 public:
  FindBar(GraphScene* scene, QWidget* parent);
  void open();              // with the last words chosen
  void step(bool forward);  // to the next or previous hit
  QLineEdit* field() const { return field_; }
  const std::vector<Found>& hits() const { return hits_; }

 Q_SIGNALS:
  void nodeFound(netwright::NodeId node);  // go there
  void allChosen();                        // all hits are to be selected; see hits()
  void closed();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void search();
  void go(size_t hit);
  void fitList();

  GraphScene* scene_;
  QLineEdit* field_;
  QLabel* count_;
  QListWidget* list_;
  std::vector<Found> hits_;
  size_t at_ = 0;
};

}  // namespace netwright::editor
