// SPDX-License-Identifier: GPL-3.0-or-later
// Two runs side by side: results, settings and network, only what differs.
#pragma once

#include <QFrame>
#include <filesystem>

#include "core/project/run_difference.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QTreeWidget;
QT_END_NAMESPACE

namespace netwright::panels {

// Reads on a pool thread; keeps what it shows while the same two are shown.
class RunComparison : public QFrame {
  Q_OBJECT

 public:
  RunComparison();
  void showRuns(const std::filesystem::path& folder, const store::RunSummary& a, const store::RunSummary& b);
  void clear();
  QStringList lines() const;  // "Settings: epochs: 3 | 5"; for tests

 private:
  void fill(const project::RunDifference& difference);
  void addGroup(const QString& title, const std::vector<project::Row>& rows);
  store::RunSummary a_, b_;
  QLabel* title_;
  QTreeWidget* tree_;
  int question_ = 0;
};

}  // namespace netwright::panels
