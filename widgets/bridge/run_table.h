// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of a project as a table: one row for each run, oldest first. Shown by the Runs page through a sorting proxy.
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>
#include <QVector>
#include <filesystem>
#include <vector>

#include "core/store/run_words.h"
#include "widgets/bridge/message.h"

namespace netwright::bridge {

// Reads the database on pool threads only. Curves for the sparkline column are loaded when they are first asked for and
// kept until the run has more points.
class RunTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Status, Started, Duration, Epochs, Accuracy, Loss, Tags, Curve, kColumns };
  enum Role { CurveRole = Qt::UserRole, ColourRole, StatusRole };

  explicit RunTable(QObject* parent = nullptr);
  void setProject(const std::filesystem::path& folder);  // empty: none
  void setTrash(bool trash);                             // the runs in the trash instead of the others
  bool showsTrash() const { return which_ == store::Database::Which::Trashed; }
  void refresh();                               // answered by refreshed() or failed()
  const store::RunFacts* facts(int row) const;  // null outside
  const store::RunFacts* findFacts(store::RunId id) const;
  const store::RunSummary* run(int row) const;
  const store::RunSummary* find(store::RunId id) const;
  bool isLess(int column, int left, int right) const;  // the order of two rows by a column
  bool isLoaded() const { return loaded_; }            // since setProject()

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
  void accept(std::vector<store::RunFacts> runs);
  void clear();
  QString text(const store::RunSummary& run, int column) const;
  double sortValue(const store::RunSummary& run, int column) const;
  QVector<double> curve(const store::RunSummary& run) const;
  void loadCurves();

  std::filesystem::path folder_;
  int generation_ = 0;  // of the project
  bool loaded_ = false, refreshing_ = false, again_ = false;
  store::Database::Which which_ = store::Database::Which::Kept;
  std::vector<store::RunFacts> runs_;  // by id
  mutable QHash<qint64, CachedCurve> curves_;
  mutable QSet<qint64> wanted_;
  bool loadingCurves_ = false;
};

QString tagsText(const store::RunFacts& run);  // "team=x · best"
// The words for a run's state, and an icon of the same meaning: states are told apart without colour.
QString statusText(store::RunStatus status);
QString statusIcon(store::RunStatus status);

}  // namespace netwright::bridge
