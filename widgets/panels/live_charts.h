// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of the run that is going on: the loss in one chart, the first metric in another.
#pragma once

#include <QMap>
#include <QWidget>

#include "widgets/bridge/run_model.h"

namespace netwright::charts {
class LineChart;
}

namespace netwright::panels {

class LiveCharts : public QWidget {
  Q_OBJECT

 public:
  explicit LiveCharts(bridge::RunModel* run);
  void setMetric(const QString& key);  // of the second chart: "accuracy"
  charts::LineChart& loss() { return *loss_; }
  charts::LineChart& metric() { return *metric_; }

 private:
  void restart();
  void append(const std::vector<run::Point>& points);
  bridge::RunModel* run_;
  charts::LineChart *loss_, *metric_;
  QString key_ = "accuracy";
};

}  // namespace netwright::panels
