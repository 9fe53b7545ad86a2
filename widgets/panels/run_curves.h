// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of the selected runs over each other: loss and accuracy, each run in the colour of its dot in the table.
#pragma once

#include <QHash>
#include <QVector>
#include <QWidget>
#include <filesystem>

#include "core/store/database.h"

namespace netwright::charts {
class LineChart;
}

namespace netwright::panels {

// Series are read on a pool thread when a run is first selected, and again when it has grown.
class RunCurves : public QWidget {
  Q_OBJECT

 public:
  RunCurves();
  void setProject(const std::filesystem::path& folder);
  void showRuns(const QVector<store::RunSummary>& runs);
  charts::LineChart& loss() { return *loss_; }
  charts::LineChart& accuracy() { return *accuracy_; }

 private:
  struct Curves {
    int64_t steps = -1;
    store::Series trainLoss, validationLoss, trainAccuracy, validationAccuracy;
  };
  void load(const QVector<store::RunSummary>& missing);
  void draw();
  std::filesystem::path folder_;
  int generation_ = 0;
  QVector<store::RunSummary> shown_;
  QHash<qint64, Curves> cache_;
  charts::LineChart *loss_, *accuracy_;
};

}  // namespace netwright::panels
