// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of the selected runs over each other, one chart for each metric, each run in the colour of its dot in the
// table.
#pragma once

#include <QHash>
#include <QMap>
#include <QVector>
#include <QWidget>
#include <filesystem>

#include "core/store/database.h"

QT_BEGIN_NAMESPACE
class QGridLayout;
class QLabel;
class QScrollArea;
QT_END_NAMESPACE

namespace netwright::charts {
class LineChart;
}

namespace netwright::panels {

// Series are read on a pool thread when a run is first selected, and again when it has grown. Two charts stand side by
// side; more are below.
class RunCurves : public QWidget {
  Q_OBJECT

 public:
  static constexpr int kMostRuns = 20;  // drawn at once

  RunCurves();
  void setProject(const std::filesystem::path& folder);
  void showRuns(const QVector<store::RunSummary>& runs);
  charts::LineChart& loss() { return *charts_.value("loss").chart; }
  charts::LineChart* chart(const QString& key) const { return charts_.value(key).chart; }  // null: no such metric
  QStringList shownKeys() const { return order_; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Place {
    charts::LineChart* chart = nullptr;
    QWidget* frame = nullptr;
  };
  struct Curves {
    int64_t steps = -1;
    QVector<QPair<QPair<QString, QString>, store::Series>> series;  // (key, context)
  };
  Place& place(const QString& key);
  void load(const QVector<store::RunSummary>& missing);
  void draw();
  void arrange();
  void fitRows();
  std::filesystem::path folder_;
  int generation_ = 0;
  QVector<store::RunSummary> shown_;
  QHash<qint64, Curves> cache_;
  QMap<QString, Place> charts_;
  QStringList order_;  // keys, as they are arranged
  QScrollArea* scroll_;
  QGridLayout* grid_;
  QLabel* more_;
};

}  // namespace netwright::panels
