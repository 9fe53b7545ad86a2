// SPDX-License-Identifier: GPL-3.0-or-later
// The Design page: the editor, with the state of the project and the way to training above it.
#pragma once

#include <QList>
#include <QWidget>

#include "widgets/bridge/data_facts.h"
#include "widgets/bridge/project_model.h"
#include "widgets/bridge/run_model.h"

QT_BEGIN_NAMESPACE
class QAction;
class QPushButton;
QT_END_NAMESPACE

namespace netwright::editor {
class DesignPage;
}

namespace netwright::panels {

class ElidedLabel;
class IconLabel;

class DesignPanel : public QWidget {
  Q_OBJECT

 public:
  DesignPanel(bridge::ProjectModel* model, bridge::RunModel* run, bridge::DataFacts* facts, QWidget* parent = nullptr);
  QWidget* editor() const;
  QList<QAction*> pageActions() const;                         // of the editor, for the window's registry
  QAction* nodeStatistics() const { return nodeStatistics_; }  // shows what a run tells of the nodes

 Q_SIGNALS:
  void trainRequested();
  void helpAsked(const QString& layer);

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void update();
  void makeOverlay();
  void watch();
  bridge::ProjectModel* model_;
  bridge::RunModel* run_;
  bridge::DataFacts* facts_;
  IconLabel* icon_;
  ElidedLabel *title_, *text_;
  QPushButton* train_;
  editor::DesignPage* editor_;
  QAction* nodeStatistics_;
};

}  // namespace netwright::panels
