// SPDX-License-Identifier: GPL-3.0-or-later
// Two runs side by side: results, settings and network, only what differs; and their networks as a picture, which the
// page shows beside it when asked.
#pragma once

#include <QFrame>
#include <filesystem>

#include "core/project/run_difference.h"
#include "widgets/panels/compared_networks.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QToolButton;
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
  QStringList lines() const;                                // "Settings: epochs: 3 | 5"; for tests
  ComparedNetworks* networks() const { return networks_; }  // has no parent until the page gives it a place
  bool showsNetworks() const;

 Q_SIGNALS:
  void networksAsked(bool on);

 private:
  void fill(const project::RunDifference& difference);
  void addGroup(const QString& title, const std::vector<project::Row>& rows);
  store::RunSummary a_, b_;
  QLabel* title_;
  QToolButton* pictures_;
  QTreeWidget* tree_;
  ComparedNetworks* networks_;
  int question_ = 0;
};

}  // namespace netwright::panels
