// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/run_curves.h"

#include <QFrame>
#include <QGridLayout>
#include <QScrollArea>
#include <QSet>
#include <QVBoxLayout>
#include <algorithm>

#include "core/project/project.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/metric_text.h"
#include "widgets/charts/line_chart.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"

namespace netwright::panels {
namespace {

constexpr int kColumns = 2, kLeastHeight = 240;
constexpr double kLossSmoothing = 0.8;

void add(charts::LineChart& chart, const charts::SeriesStyle& style, const store::Series& series, double scale) {
  if (series.size() == 0) return;
  std::vector<double> x(series.steps.begin(), series.steps.end()), y = series.values;
  for (double& v : y) v *= scale;
  chart.append(chart.addSeries(style), x, y);
}

// The loss, then what is measured on validation samples, then the rest.
int rankOf(const QString& key, bool validated) { return key == "loss" ? 0 : validated ? 1 : 2; }

QString chartTitle(const QString& key) {
  QString name = key == "lr" ? RunCurves::tr("learning rate") : bridge::metricName(key);
  name[0] = name[0].toUpper();
  return bridge::isShare(key) ? RunCurves::tr("%1 (%)").arg(name) : name;
}

}  // namespace

RunCurves::RunCurves() : scroll_(new QScrollArea), grid_(new QGridLayout), more_(label({}, "muted")) {
  auto* inside = new QWidget;
  inside->setLayout(grid_);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(theme::kSpace);
  for (int column = 0; column < kColumns; ++column) grid_->setColumnStretch(column, 1);
  scroll_->setWidgetResizable(true);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setWidget(inside);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceXs);
  column->addWidget(more_);
  column->addWidget(scroll_, 1);
  more_->hide();
  place("loss").chart->setSmoothing(kLossSmoothing);
  draw();
}

RunCurves::Place& RunCurves::place(const QString& key) {
  Place& p = charts_[key];
  if (p.chart) return p;
  p.chart = new charts::LineChart;
  p.chart->setObjectName("runs-" + key + "-chart");
  p.chart->setTitle(chartTitle(key));
  p.chart->setAxisTitles(tr("step"), {});
  QFrame* frame = card();
  auto* row = new QHBoxLayout(frame);
  row->setContentsMargins(1, 1, 1, 1);
  row->addWidget(p.chart);
  frame->hide();
  frame->setParent(grid_->parentWidget());
  p.frame = frame;
  return p;
}

void RunCurves::setProject(const std::filesystem::path& folder) {
  ++generation_;
  folder_ = folder;
  cache_.clear();
  showRuns({});
}

void RunCurves::showRuns(const QVector<store::RunSummary>& runs) {
  shown_ = runs.mid(0, kMostRuns);
  more_->setVisible(runs.size() > kMostRuns);
  more_->setText(tr("The first %1 of %2 selected runs are drawn.").arg(kMostRuns).arg(runs.size()));
  QVector<store::RunSummary> missing;
  for (const store::RunSummary& run : shown_)
    if (!cache_.contains(run.id.value) || cache_[run.id.value].steps != run.steps) missing.append(run);
  if (missing.isEmpty()) return draw();
  load(missing);
}

void RunCurves::load(const QVector<store::RunSummary>& missing) {
  const int generation = generation_;
  bridge::inBackground(
      this,
      [missing, file = project::databaseFile(folder_)] {
        store::Database database(file);
        QHash<qint64, Curves> found;
        for (const store::RunSummary& run : missing) {
          Curves curves{run.steps, {}};
          for (const auto& [key, context] : database.metricKeys(run.id))
            curves.series.append({{QString::fromStdString(key), QString::fromStdString(context)},
                                  database.series(run.id, key, context)});
          found.insert(run.id.value, curves);
        }
        return found;
      },
      [this, generation](const QHash<qint64, Curves>& found) {
        if (generation != generation_) return;
        cache_.insert(found);
        draw();
      },
      [](const bridge::Message&) {});
}

void RunCurves::draw() {
  QStringList keys{"loss"};
  QSet<QString> validated;
  for (const Place& p : std::as_const(charts_)) p.chart->clear();
  charts_["loss"].chart->setEmptyText(shown_.isEmpty() ? tr("Select a run in the table")
                                                       : tr("No loss was recorded yet"));
  for (const store::RunSummary& run : std::as_const(shown_)) {
    const auto found = cache_.constFind(run.id.value);
    if (found == cache_.constEnd()) continue;
    const QString name = QString::fromStdString(run.name);
    const int colour = static_cast<int>(run.id.value - 1);
    for (const auto& [where, series] : found->series) {
      const auto& [key, context] = where;
      if (series.size() == 0) continue;
      if (!keys.contains(key)) keys << key;
      if (context == "val") validated.insert(key);
      const QString title = context == "train" ? name
                            : context == "val" ? tr("%1 validation").arg(name)
                                               : name + ' ' + context;
      add(*place(key).chart, {title, colour, context != "train"}, series, bridge::isShare(key) ? 100 : 1);
    }
  }
  std::stable_sort(keys.begin(), keys.end(), [&](const QString& a, const QString& b) {
    return rankOf(a, validated.contains(a)) < rankOf(b, validated.contains(b));
  });
  if (keys != order_) {
    order_ = keys;
    arrange();
  }
}

// A single row fills the height; more rows scroll.
void RunCurves::arrange() {
  for (const Place& p : std::as_const(charts_)) {
    grid_->removeWidget(p.frame);
    p.frame->hide();
  }
  for (int i = 0; i < order_.size(); ++i) {
    QWidget* frame = charts_[order_[i]].frame;
    const bool alone = i == order_.size() - 1 && i % kColumns == 0;
    grid_->addWidget(frame, i / kColumns, i % kColumns, 1, alone ? kColumns : 1);
    frame->show();
  }
  fitRows();
}

void RunCurves::fitRows() {
  const int rows = static_cast<int>((order_.size() + kColumns - 1) / kColumns);
  for (int row = 0; row < grid_->rowCount(); ++row)
    grid_->setRowMinimumHeight(row, row < rows && rows > 1 ? std::max(kLeastHeight, scroll_->height()) : 0);
}

void RunCurves::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitRows();
}

}  // namespace netwright::panels
