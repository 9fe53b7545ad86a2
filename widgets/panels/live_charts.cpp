// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/live_charts.h"

#include <QFrame>
#include <QHBoxLayout>

#include "widgets/bridge/metric_text.h"
#include "widgets/charts/line_chart.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"

namespace netwright::panels {
namespace {

// Ids of the curves in both charts, in the order in which they are added.
constexpr int kTrain = 0, kValidation = 1;

charts::LineChart* makeChart(QHBoxLayout& row) {
  auto* chart = new charts::LineChart;
  QFrame* frame = card();
  auto* inside = new QHBoxLayout(frame);
  inside->setContentsMargins(1, 1, 1, 1);
  inside->addWidget(chart);
  row.addWidget(frame, 1);
  chart->addSeries({LiveCharts::tr("Training"), 0, false});
  chart->addSeries({LiveCharts::tr("Validation"), 1, false});
  return chart;
}

}  // namespace

LiveCharts::LiveCharts(bridge::RunModel* run) : run_(run) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpace);
  loss_ = makeChart(*row);
  loss_->setObjectName("loss-chart");
  loss_->setTitle(tr("Loss"));
  loss_->setAxisTitles(tr("step"), {});
  loss_->setSmoothing(0.8);
  loss_->setEmptyText(tr("The loss appears here when training starts"));
  metric_ = makeChart(*row);
  metric_->setObjectName("metric-chart");
  setMetric("accuracy");
  connect(run_, &bridge::RunModel::stateChanged, this, [this] {
    if (run_->state() == bridge::RunModel::State::Starting || run_->state() == bridge::RunModel::State::Idle) restart();
  });
  connect(run_, &bridge::RunModel::pointsAdded, this, &LiveCharts::append);
}

void LiveCharts::setMetric(const QString& key) {
  key_ = key;
  QString name = bridge::metricName(key);
  if (!name.isEmpty()) name[0] = name[0].toUpper();
  metric_->setTitle(bridge::isShare(key) ? tr("%1 (%)").arg(name) : name);
  metric_->setAxisTitles(tr("step"), {});
  metric_->setEmptyText(tr("One point for each epoch appears here"));
}

void LiveCharts::restart() {
  for (charts::LineChart* chart : {loss_, metric_}) {
    chart->clearPoints();
    chart->resetZoom();
  }
}

void LiveCharts::append(const std::vector<run::Point>& points) {
  std::vector<double> steps, values;  // of the training loss, which has nearly all of the points
  for (const run::Point& p : points) {
    const int id = p.context == "val" ? kValidation : kTrain;
    const auto step = static_cast<double>(p.step);
    if (p.key == "loss" && id == kTrain) {
      steps.push_back(step);
      values.push_back(p.value);
    } else if (p.key == "loss") {
      loss_->append(id, step, p.value);
    } else if (p.key == key_.toStdString()) {
      metric_->append(id, step, bridge::isShare(key_) ? 100 * p.value : p.value);
    }
  }
  if (!steps.empty()) loss_->append(kTrain, steps, values);
}

}  // namespace netwright::panels
