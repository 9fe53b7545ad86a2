// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/live_charts.h"

#include <QFrame>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QResizeEvent>
#include <QScrollArea>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/run/metric.h"
#include "core/run/metric_choice.h"
#include "widgets/bridge/metric_text.h"
#include "widgets/charts/flow_layout.h"
#include "widgets/charts/line_chart.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

// Ids of the curves in each chart, in the order in which they are added.
constexpr int kTrain = 0, kValidation = 1;
constexpr int kLowest = 176, kNarrowest = 250, kTwoColumns = 560;

QSettings settings() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "netwright", "netwright"); }

bool isRate(const QString& key) { return key == "lr" || (key.startsWith("lr") && key.mid(2).toInt() > 0); }

QString titleOf(const QString& key) {
  if (key == "lr") return LiveCharts::tr("Learning rate");
  if (isRate(key)) return LiveCharts::tr("Learning rate of objective %1").arg(key.mid(2).toInt() + 1);
  if (key == "epoch_seconds") return LiveCharts::tr("Seconds per epoch");
  QString name = bridge::metricName(key);
  if (!name.isEmpty()) name[0] = name[0].toUpper();
  return name;
}

// Parts of the loss and times are there for who looks for them.
bool shownAtFirst(const QString& key) { return key != "epoch_seconds" && !key.startsWith("loss/"); }

}  // namespace

LiveCharts::LiveCharts(bridge::RunModel* run)
    : run_(run),
      chips_(new QWidget),
      area_(new QWidget),
      chipRow_(new charts::FlowLayout(chips_, theme::kSpaceXs)),
      grid_(new QGridLayout(area_)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceSmall);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(theme::kSpace);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(area_);
  column->addWidget(scroll, 1);
  setMetrics({"accuracy"});
  connect(run_, &bridge::RunModel::stateChanged, this, [this] {
    if (run_->state() == bridge::RunModel::State::Starting || run_->state() == bridge::RunModel::State::Idle) restart();
  });
  connect(run_, &bridge::RunModel::pointsAdded, this, &LiveCharts::append);
  connect(run_, &bridge::RunModel::epochFinished, this, &LiveCharts::markEpoch);
  connect(run_, &bridge::RunModel::progressed, this, [this] {
    for (const auto& entry : entries_) holdRate(*entry);
  });
}

LiveCharts::Entry* LiveCharts::find(const QString& key) const {
  const auto it = std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e->key == key; });
  return it == entries_.end() ? nullptr : it->get();
}

LiveCharts::Entry& LiveCharts::ensure(const QString& key) {
  if (Entry* known = find(key)) return *known;
  entries_.push_back(std::make_unique<Entry>());
  Entry& entry = *entries_.back();
  entry.key = key;
  entry.chip = new QToolButton;
  entry.chip->setObjectName("curve-" + key);
  entry.chip->setText(titleOf(key));
  entry.chip->setCheckable(true);
  entry.chip->setFocusPolicy(Qt::TabFocus);
  entry.chip->setToolTip(tr("Show or hide this chart"));
  entry.chip->setChecked(settings().value("train/curve-" + QString(key).replace('/', '-'), shownAtFirst(key)).toBool());
  chipRow_->addWidget(entry.chip);
  connect(entry.chip, &QToolButton::toggled, this, [this, key](bool on) {
    settings().setValue("train/curve-" + QString(key).replace('/', '-'), on);
    if (Entry* e = find(key); e && on) makeChart(*e);
    arrange();
  });
  if (entry.chip->isChecked()) makeChart(entry);
  return entry;
}

void LiveCharts::makeChart(Entry& entry) {
  if (entry.chart) return;
  auto* chart = new charts::LineChart;
  entry.chart = chart;
  entry.frame = card();
  entry.frame->setParent(area_);
  auto* inside = new QHBoxLayout(entry.frame);
  inside->setContentsMargins(1, 1, 1, 1);
  inside->addWidget(chart);
  const QString key = entry.key;
  chart->setTitle(bridge::isShare(key) ? tr("%1 (%)").arg(titleOf(key)) : titleOf(key));
  chart->setAxisTitles(tr("step"), {});
  chart->addSeries({isRate(key) ? tr("Learning rate") : tr("Training"), isRate(key) ? 2 : 0, false});
  if (!isRate(key) && key != "epoch_seconds") chart->addSeries({tr("Validation"), 1, false});
  if (key == "loss") chart->setSmoothing(0.8);
  chart->setEmptyText(key == "loss" ? tr("The loss appears here when training starts")
                      : isRate(key) ? tr("The learning rate of each step appears here")
                                    : tr("One point for each epoch appears here"));
  chart->setMarks(epochs_);
  chart->setBest(bestStep());
  for (const auto& [context, id] : {std::pair("train", kTrain), std::pair("val", kValidation)}) {
    const bridge::RunSeries& s = run_->series(key, context);
    if (id < chart->seriesCount()) add(entry, id, s.steps, s.values);
  }
  holdRate(entry);
  connect(chart, &charts::LineChart::hovered, this, [this, chart](std::optional<double> x) {
    for (const auto& other : entries_)
      if (other->chart && other->chart != chart) other->chart->setCrosshair(x);
  });
}

// In the units of the chart. A rate is told when it changes and holds until then: no slope may be seen between.
void LiveCharts::add(Entry& entry, int id, std::vector<double> steps, std::vector<double> values) {
  if (steps.empty()) return;
  if (bridge::isShare(entry.key))
    for (double& v : values) v *= 100;
  if (!isRate(entry.key)) return entry.chart->append(id, steps, values);
  for (size_t i = 0; i < steps.size(); ++i) {
    if (entry.held && entry.held->first < steps[i] - 1) entry.chart->append(id, steps[i] - 1, entry.held->second);
    entry.chart->append(id, steps[i], values[i]);
    entry.held = {steps[i], values[i]};
  }
}

// Up to where the run is.
void LiveCharts::holdRate(Entry& entry) {
  const auto now = static_cast<double>(run_->progress().step);
  if (!isRate(entry.key) || !entry.chart || !entry.held || now <= entry.held->first) return;
  entry.chart->append(kTrain, now, entry.held->second);
  entry.held->first = now;
}

void LiveCharts::drop(const QString& key) {
  const auto it = std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e->key == key; });
  if (it == entries_.end()) return;
  delete (*it)->chip;
  delete (*it)->frame;
  entries_.erase(it);
}

void LiveCharts::setMetrics(const QStringList& keys) {
  QStringList wanted{"loss"};
  wanted << keys << "lr";
  for (const QString& key : this->keys())
    if (!wanted.contains(key)) drop(key);
  metrics_ = keys;
  for (const QString& key : wanted) ensure(key);
  std::stable_sort(entries_.begin(), entries_.end(), [&](const auto& a, const auto& b) {
    return static_cast<size_t>(wanted.indexOf(a->key)) < static_cast<size_t>(wanted.indexOf(b->key));
  });
  for (const auto& entry : entries_) {  // chips in the order of the charts
    chipRow_->removeWidget(entry->chip);
    chipRow_->addWidget(entry->chip);
  }
  arrange();
}

charts::LineChart& LiveCharts::loss() {
  Entry& entry = ensure("loss");
  makeChart(entry);
  return *entry.chart;
}

charts::LineChart& LiveCharts::metric() {
  if (metrics_.isEmpty()) return loss();
  Entry& entry = ensure(metrics_.front());
  makeChart(entry);
  return *entry.chart;
}

charts::LineChart* LiveCharts::chart(const QString& key) const {
  const Entry* entry = find(key);
  return entry ? entry->chart : nullptr;
}

QStringList LiveCharts::keys() const {
  QStringList all;
  for (const auto& entry : entries_) all << entry->key;
  return all;
}

bool LiveCharts::isShown(const QString& key) const {
  const Entry* entry = find(key);
  return entry && entry->chip->isChecked();
}

void LiveCharts::setShown(const QString& key, bool shown) {
  if (Entry* entry = find(key)) entry->chip->setChecked(shown);
}

// Two in a row where there is room; more where rows would not fit the height.
int LiveCharts::columnsFor(int count) const {
  const int two = width() >= kTwoColumns ? 2 : 1, rows = (count + two - 1) / two;
  const bool low = height() < rows * kLowest + (rows - 1) * theme::kSpace;
  if (count > 2 && low && width() / count >= kNarrowest) return count;
  return std::min(two, std::max(1, count));
}

// The last one of a row that is not full takes the rest of it.
void LiveCharts::arrange() {
  while (QLayoutItem* item = grid_->takeAt(0)) delete item;
  for (int row = 0; row < grid_->rowCount(); ++row) grid_->setRowMinimumHeight(row, 0), grid_->setRowStretch(row, 0);
  std::vector<Entry*> shown;
  for (const auto& entry : entries_) {
    if (entry->frame) entry->frame->setVisible(entry->chip->isChecked());
    if (!entry->chart) continue;
    entry->chart->setObjectName(!metrics_.isEmpty() && entry->key == metrics_.front() ? "metric-chart"
                                                                                      : entry->key + "-chart");
    if (entry->chip->isChecked()) shown.push_back(entry.get());
  }
  const int columns = columns_ = columnsFor(static_cast<int>(shown.size()));
  for (size_t i = 0; i < shown.size(); ++i) {
    const int row = static_cast<int>(i) / columns, column = static_cast<int>(i) % columns;
    const bool last = i + 1 == shown.size();
    grid_->addWidget(shown[i]->frame, row, column, 1, last ? columns - column : 1);
    grid_->setRowMinimumHeight(row, kLowest);
    grid_->setRowStretch(row, row == 0 ? 3 : 2);
  }
}

void LiveCharts::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const auto shown =
      std::count_if(entries_.begin(), entries_.end(), [](const auto& e) { return e->chip->isChecked(); });
  if (columnsFor(static_cast<int>(shown)) != columns_) arrange();
}

void LiveCharts::restart() {
  epochs_.clear();
  for (const auto& entry : entries_) {
    if (!entry->chart) continue;
    entry->held.reset();
    entry->chart->clearPoints();
    entry->chart->setMarks({});
    entry->chart->setBest({});
    entry->chart->resetZoom();
  }
}

void LiveCharts::markEpoch(const run::EpochFinished& epoch) {
  epochs_.push_back(static_cast<double>(epoch.step));
  const auto best = bestStep();
  for (const auto& entry : entries_)
    if (entry->chart) {
      entry->chart->setMarks(epochs_);
      entry->chart->setBest(best);
    }
}

// The first metric on validation data decides, else the loss; of equals the first.
std::optional<double> LiveCharts::bestStep() const {
  const QString key = metrics_.isEmpty() ? QStringLiteral("loss") : metrics_.front();
  const run::MetricSpec* metric = run::metricChoice(key.toStdString()).spec();
  const double sign = metric && metric->higherIsBetter ? 1 : -1;
  const bridge::RunSeries& s = run_->series(key, "val");
  std::optional<size_t> best;
  for (size_t i = 0; i < s.values.size(); ++i)
    if (!std::isnan(s.values[i]) && (!best || sign * s.values[i] > sign * s.values[*best])) best = i;
  return best ? std::optional(s.steps[*best]) : std::nullopt;
}

void LiveCharts::append(const std::vector<run::Point>& points) {
  struct Columns {
    std::vector<double> steps, values;
  };
  std::map<std::pair<QString, int>, Columns> columns;  // of each curve: most points are of one
  std::string lastKey;
  QString key;
  for (const run::Point& p : points) {
    if (p.key != lastKey || key.isEmpty()) key = QString::fromStdString(lastKey = p.key);
    Columns& c = columns[{key, p.context == "val" ? kValidation : kTrain}];
    c.steps.push_back(static_cast<double>(p.step));
    c.values.push_back(p.value);
  }
  bool added = false;
  for (const auto& [curve, c] : columns) {
    if (!find(curve.first)) {
      ensure(curve.first);  // with all that came so far, these points too
      added = true;
      continue;
    }
    Entry& entry = *find(curve.first);
    const bool fresh = added && entries_.back().get() == &entry;
    if (entry.chart && !fresh && curve.second < entry.chart->seriesCount()) add(entry, curve.second, c.steps, c.values);
  }
  if (added) arrange();
}

}  // namespace netwright::panels
