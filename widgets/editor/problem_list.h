// SPDX-License-Identifier: GPL-3.0-or-later
// The strip below the canvas: everything that is wrong with the project, with what repairs it. Folds to its title line.
#pragma once

#include <QFrame>

#include "core/base/ids.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QScrollArea;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::editor {

// Opens by itself when the first problem appears, unless it was folded by hand; says "No problems" otherwise.
class ProblemList : public QFrame {
  Q_OBJECT

 public:
  explicit ProblemList(bridge::ProjectModel* model, QWidget* parent = nullptr);
  int count() const { return count_; }
  bool isOpen() const;
  void setOpen(bool open);

 Q_SIGNALS:
  void nodeClicked(const netwright::NodePath& node);

 private:
  void refresh();
  void addDataError();
  void fitHeight();

  bridge::ProjectModel* model_;
  QToolButton* toggle_;
  QLabel *icon_, *title_;
  QScrollArea* area_;
  QVBoxLayout* rows_ = nullptr;
  int count_ = 0;
  bool wanted_ = true;  // as last set by hand
};

}  // namespace netwright::editor
