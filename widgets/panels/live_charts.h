// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of the run that is going on: loss, each metric and the learning rate, each in a chart of its own.
#pragma once

#include <QMap>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/bridge/run_model.h"

QT_BEGIN_NAMESPACE
class QFrame;
class QGridLayout;
class QToolButton;
QT_END_NAMESPACE

namespace netwright::charts {
class FlowLayout;
class LineChart;
}  // namespace netwright::charts

namespace netwright::panels {

// A chart is made when it is first shown, from the points that came before. Which are shown is remembered. All show the
// read-out of the same step.
class LiveCharts : public QWidget {
  Q_OBJECT

 public:
  explicit LiveCharts(bridge::RunModel* run);
  void setMetrics(const QStringList& keys);  // {"accuracy"}; what a run tells beside them gets a chart too
  charts::LineChart& loss();
  charts::LineChart& metric();                         // of the first metric; the loss where there is none
  charts::LineChart* chart(const QString& key) const;  // null while it is not shown and never was
  QStringList keys() const;
  QWidget* chips() const { return chips_; }  // which charts are shown; to be placed by the owner
  bool isShown(const QString& key) const;
  void setShown(const QString& key, bool shown);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Entry {
    QString key;
    QToolButton* chip = nullptr;
    QFrame* frame = nullptr;
    charts::LineChart* chart = nullptr;
    std::optional<std::pair<double, double>> held;  // of a rate: its last point
  };
  Entry* find(const QString& key) const;
  Entry& ensure(const QString& key);
  void makeChart(Entry& entry);
  void add(Entry& entry, int id, std::vector<double> steps, std::vector<double> values);
  void holdRate(Entry& entry);
  void drop(const QString& key);
  int columnsFor(int count) const;
  void arrange();
  void restart();
  void append(const std::vector<run::Point>& points);
  void markEpoch(const run::EpochFinished& epoch);
  std::optional<double> bestStep() const;  // of the epoch whose checkpoint is the best, as the engine judges

  bridge::RunModel* run_;
  QWidget *chips_, *area_;
  charts::FlowLayout* chipRow_;
  QGridLayout* grid_;
  std::vector<std::unique_ptr<Entry>> entries_;
  QStringList metrics_;
  int columns_ = 0;
  std::vector<double> epochs_;  // steps at which they ended
};

}  // namespace netwright::panels
