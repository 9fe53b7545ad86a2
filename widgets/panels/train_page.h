// SPDX-License-Identifier: GPL-3.0-or-later
// The Train page: settings on the left; the run with its progress, numbers, curves and log on the right.
#pragma once

#include <QWidget>

#include "widgets/bridge/data_facts.h"
#include "widgets/bridge/project_model.h"
#include "widgets/bridge/run_model.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
class QHBoxLayout;
QT_END_NAMESPACE

namespace netwright::panels {

class LiveCharts;
class MessageBanner;
class MetricCard;
class RunHeader;
class RunLog;
class SettingsForm;

class TrainPage : public QWidget {
  Q_OBJECT

 public:
  TrainPage(bridge::ProjectModel* model, bridge::RunModel* run, bridge::DataFacts* facts);
  LiveCharts& charts() { return *charts_; }
  RunLog& log() { return *log_; }

 Q_SIGNALS:
  void startRequested();
  void designRequested();
  void exportRequested();
  void runsRequested();

 private:
  QWidget* makeSettings();
  QWidget* makeCards();
  void addCards(const QString& metric, bool higherIsBetter);
  void followMetric();  // cards and second chart show the project's first metric
  void update();
  void showState();
  void showValues();
  void showOutcome();
  void showSilence();
  bridge::ProjectModel* model_;
  bridge::RunModel* run_;
  bridge::DataFacts* facts_;
  SettingsForm* form_;
  QLabel* locked_;
  RunHeader* header_;
  MessageBanner *silent_, *problem_, *success_;
  QPushButton *problemDesign_, *resumeLost_;
  QVector<MetricCard*> cards_;  // loss, then the metric that is followed
  QHBoxLayout* cardRow_ = nullptr;
  QString metric_;
  LiveCharts* charts_;
  RunLog* log_;
};

}  // namespace netwright::panels
