// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs page: every run of the project in a table, with curves, settings and differences of the selected ones below.
#pragma once

#include <QWidget>

#include "widgets/bridge/project_model.h"
#include "widgets/bridge/run_edits.h"
#include "widgets/bridge/run_model.h"
#include "widgets/bridge/run_table.h"
#include "widgets/panels/runs_actions.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QMenu;
class QSplitter;
class QStackedLayout;
class QTimer;
QT_END_NAMESPACE

namespace netwright::panels {

class EmptyState;
class MessageBanner;
class RunComparison;
class RunCurves;
class RunDetails;
class RunsView;

class RunsPage : public QWidget {
  Q_OBJECT

 public:
  // What to do with the network and settings of a run.
  enum class Take { Show, Branch, RunAgain };
  Q_ENUM(Take)

  RunsPage(bridge::ProjectModel* model, bridge::RunModel* run, QWidget* parent = nullptr);
  bridge::RunTable& table() { return *table_; }
  RunsView& view() { return *view_; }
  RunCurves& curves() { return *curves_; }
  RunComparison& comparison() { return *comparison_; }
  QUndoStack* undoStack() { return edits_->undoStack(); }  // of deletions, tags and notes
  QList<QAction*> pageActions() const { return actions_.all(); }
  void selectNewest();  // after the next refresh
  void setFilter(const QString& text);

 Q_SIGNALS:
  void exportRequested(const QString& run);
  void trainRequested();
  void resumeRequested(const QString& run);
  void takeRequested(const QString& run, netwright::panels::RunsPage::Take how);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* makeContent();
  QLayout* makeHead();
  void makeLower(QSplitter& below);
  void connectModels();
  void connectActions();
  void openProject();
  void showRefreshed();
  void showSelection();
  void showCount();
  void showActions();
  void applyFilter();
  void fillViews();
  void loadViews();
  void keepView();
  void removeSelected();
  void restoreSelected();
  void askToEmptyTrash();
  bridge::RunEdits::Runs selected() const;
  QString selectedName() const;           // "run-3", "3 runs"
  const store::RunFacts* single() const;  // null unless one run is selected

  bridge::ProjectModel* model_;
  bridge::RunModel* run_;
  bridge::RunTable* table_;
  bridge::RunEdits* edits_;
  RunsActions actions_;
  RunsView* view_;
  RunCurves* curves_;
  RunDetails* details_;
  RunComparison* comparison_;
  MessageBanner* banner_;
  EmptyState* empty_;
  QLabel *title_, *count_, *filterError_;
  QLineEdit* filter_;
  QMenu* views_;
  QStackedLayout *stack_, *main_, *side_;
  QTimer* timer_;
  std::filesystem::path folder_;
  std::vector<store::SavedView> saved_;
  bool selectNewest_ = true;
  bridge::RunEdits::Runs trashed_;  // last: selected again when they come back
};

}  // namespace netwright::panels
