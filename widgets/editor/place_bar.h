// SPDX-License-Identifier: GPL-3.0-or-later
// Where the canvas is: the network, and the instances of blocks that were entered; each leads back there. Hidden while
// the network itself is shown.
#pragma once

#include <QFrame>

QT_BEGIN_NAMESPACE
class QHBoxLayout;
QT_END_NAMESPACE

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::editor {

class PlaceBar : public QFrame {
  Q_OBJECT

 public:
  explicit PlaceBar(bridge::ProjectModel* model, QWidget* parent = nullptr);

 private:
  void refresh();
  bridge::ProjectModel* model_;
  QHBoxLayout* row_;
};

}  // namespace netwright::editor
