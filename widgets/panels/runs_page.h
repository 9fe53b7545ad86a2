// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs page: every run of the project in a table, with curves and settings of the selected ones below.
#pragma once

#include <QWidget>

#include "widgets/bridge/project_model.h"
#include "widgets/bridge/run_model.h"
#include "widgets/bridge/run_table.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QStackedLayout;
class QTimer;
QT_END_NAMESPACE

namespace netwright::panels {

class EmptyState;
class MessageBanner;
class RunCurves;
class RunDetails;
class RunsView;

class RunsPage : public QWidget {
  Q_OBJECT

 public:
  RunsPage(bridge::ProjectModel* model, bridge::RunModel* run);
  bridge::RunTable& table() { return *table_; }
  RunsView& view() { return *view_; }
  RunCurves& curves() { return *curves_; }
  void selectNewest();  // after the next refresh

 Q_SIGNALS:
  void exportRequested(const QString& run);
  void trainRequested();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* makeContent();
  void openProject();
  void showRefreshed();
  void showSelection();
  bridge::ProjectModel* model_;
  bridge::RunModel* run_;
  bridge::RunTable* table_;
  RunsView* view_;
  RunCurves* curves_;
  RunDetails* details_;
  MessageBanner* banner_;
  EmptyState* empty_;
  QLabel* count_;
  QLineEdit* filter_;
  QStackedLayout* stack_;
  QTimer* timer_;
  bool selectNewest_ = true;
};

}  // namespace netwright::panels
