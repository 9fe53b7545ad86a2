// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/run_curves.h"

#include <QFrame>
#include <QHBoxLayout>

#include "core/project/project.h"
#include "widgets/bridge/background.h"
#include "widgets/charts/line_chart.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"

namespace netwright::panels {
namespace {

charts::LineChart* makeChart(QHBoxLayout& row, const QString& title, const char* name) {
  auto* chart = new charts::LineChart;
  chart->setObjectName(name);
  chart->setTitle(title);
  chart->setAxisTitles(RunCurves::tr("step"), {});
  chart->setEmptyText(RunCurves::tr("Select a run in the table"));
  QFrame* frame = card();
  auto* inside = new QHBoxLayout(frame);
  inside->setContentsMargins(1, 1, 1, 1);
  inside->addWidget(chart);
  row.addWidget(frame, 1);
  return chart;
}

void add(charts::LineChart& chart, const charts::SeriesStyle& style, const store::Series& series, double scale) {
  if (series.size() == 0) return;
  std::vector<double> x(series.steps.begin(), series.steps.end()), y = series.values;
  for (double& v : y) v *= scale;
  chart.append(chart.addSeries(style), x, y);
}

}  // namespace

RunCurves::RunCurves() {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpace);
  loss_ = makeChart(*row, tr("Loss"), "runs-loss-chart");
  loss_->setSmoothing(0.8);
  accuracy_ = makeChart(*row, tr("Accuracy (%)"), "runs-accuracy-chart");
}

void RunCurves::setProject(const std::filesystem::path& folder) {
  ++generation_;
  folder_ = folder;
  cache_.clear();
  showRuns({});
}

void RunCurves::showRuns(const QVector<store::RunSummary>& runs) {
  shown_ = runs;
  QVector<store::RunSummary> missing;
  for (const store::RunSummary& run : runs)
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
        for (const store::RunSummary& run : missing)
          found.insert(
              run.id.value,
              Curves{run.steps, database.series(run.id, "loss", "train"), database.series(run.id, "loss", "val"),
                     database.series(run.id, "accuracy", "train"), database.series(run.id, "accuracy", "val")});
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
  const QString none = tr("Select a run in the table");
  loss_->clear();
  accuracy_->clear();
  loss_->setEmptyText(shown_.isEmpty() ? none : tr("No loss was recorded yet"));
  accuracy_->setEmptyText(shown_.isEmpty() ? none : tr("No epoch was finished, so there is no accuracy"));
  for (const store::RunSummary& run : std::as_const(shown_)) {
    const auto found = cache_.constFind(run.id.value);
    if (found == cache_.constEnd()) continue;
    const QString name = QString::fromStdString(run.name);
    const int colour = static_cast<int>(run.id.value - 1);
    add(*loss_, {name, colour, false}, found->trainLoss, 1);
    add(*loss_, {tr("%1 validation").arg(name), colour, true}, found->validationLoss, 1);
    add(*accuracy_, {name, colour, false}, found->trainAccuracy, 100);
    add(*accuracy_, {tr("%1 validation").arg(name), colour, true}, found->validationAccuracy, 100);
  }
}

}  // namespace netwright::panels
