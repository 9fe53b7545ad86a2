// SPDX-License-Identifier: GPL-3.0-or-later
// The table of runs: sorted, filtered, with dots in the colours of their curves and small pictures of the loss.
#pragma once

#include <QSortFilterProxyModel>
#include <QTableView>

#include "widgets/bridge/run_table.h"

namespace netwright::panels {

// Shows the runs that fit what is typed; see store::RunFilter.
class RunsFilter : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit RunsFilter(bridge::RunTable* table);
  void setFilter(store::RunFilter filter);
  const store::RunFilter& filter() const { return runs_; }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

 private:
  bridge::RunTable* table_;
  store::RunFilter runs_;
};

class RunsView : public QTableView {
  Q_OBJECT

 public:
  explicit RunsView(bridge::RunTable* table);
  RunsFilter& filter() { return *filter_; }
  QVector<store::RunId> selectedRuns() const;  // in the order of the table
  void selectRun(store::RunId id);
  void selectNewest();

 Q_SIGNALS:
  void selectionChangedTo(const QVector<netwright::store::RunId>& runs);

 protected:
  void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;

 private:
  bridge::RunTable* table_;
  RunsFilter* filter_;
};

}  // namespace netwright::panels
