// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of a project as a table: one row for each run, oldest first. Shown by the Runs page through a sorting proxy.
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>
#include <QVector>
#include <filesystem>
#include <vector>

#include "core/store/database.h"
#include "widgets/bridge/message.h"

namespace netwright::bridge {

// Reads the database on pool threads only. Curves for the sparkline column are loaded when they are first asked for and
// kept until the run has more points.
class RunTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Status, Started, Duration, Epochs, Accuracy, Loss, Curve, kColumns };
  enum Role { SortRole = Qt::UserRole, CurveRole, ColourRole, StatusRole };

  explicit RunTable(QObject* parent = nullptr);
  void setProject(const std::filesystem::path& folder);  // empty: none
  void refresh();                                        // answered by refreshed() or failed()
  const store::RunSummary* run(int row) const;           // null outside
  const store::RunSummary* find(store::RunId id) const;
  bool isLoaded() const { return loaded_; }  // since setProject()

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 Q_SIGNALS:
  void refreshed();
  void failed(const netwright::bridge::Message& problem);

 private:
  struct CachedCurve {
    int64_t points = -1;
    QVector<double> values;
  };
  void accept(std::vector<store::RunSummary> runs);
  QString text(const store::RunSummary& run, int column) const;
  QVariant sortValue(const store::RunSummary& run, int column) const;
  QVector<double> curve(const store::RunSummary& run) const;
  void loadCurves();

  std::filesystem::path folder_;
  int generation_ = 0;  // of the project
  bool loaded_ = false, refreshing_ = false, again_ = false;
  std::vector<store::RunSummary> runs_;
  mutable QHash<qint64, CachedCurve> curves_;
  mutable QSet<qint64> wanted_;
  bool loadingCurves_ = false;
};

// The words for a run's state, and an icon of the same meaning: states are told apart without colour.
QString statusText(store::RunStatus status);
QString statusIcon(store::RunStatus status);

}  // namespace netwright::bridge
