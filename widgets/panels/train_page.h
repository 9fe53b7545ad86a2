// SPDX-License-Identifier: GPL-3.0-or-later
// The Train page: settings on the left; the run with its progress, numbers, curves and log on the right.
#pragma once

#include <QWidget>

#include "widgets/bridge/data_facts.h"
#include "widgets/bridge/project_model.h"
#include "widgets/bridge/run_model.h"
#include "widgets/panels/train_page_actions.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
class QHBoxLayout;
class QScrollArea;
QT_END_NAMESPACE

namespace netwright::panels {

class LiveCharts;
class MessageBanner;
class MetricCard;
class RunHeader;
class RunLog;
class SettingsForm;
class TrainViews;

class TrainPage : public QWidget {
  Q_OBJECT

 public:
  TrainPage(bridge::ProjectModel* model, bridge::RunModel* run, bridge::DataFacts* facts, QWidget* parent = nullptr);
  LiveCharts& charts();
  TrainViews& views() { return *views_; }
  QList<QAction*> pageActions() const { return actions_.all(); }
  RunLog& log() { return *log_; }
  // The form of the settings is made when the page is first seen, or before by who has the time.
  void complete();
  bool isComplete() const { return form_ != nullptr; }

 Q_SIGNALS:
  void startRequested();
  void designRequested();
  void exportRequested();
  void weightsRequested();  // a file to start the next run from
  void runsRequested();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* makeSettings();
  QWidget* makeCards();
  void addCards(const QString& metric, bool higherIsBetter);
  void followMetrics();  // the cards show the project's first metric, the charts all
  void lookForResumable();
  void resumeStored();
  void showRefusal(const bridge::Message& why);
  void update();
  void showState();
  void showValues();
  void showOutcome();
  void showSilence();
  bridge::ProjectModel* model_;
  bridge::RunModel* run_;
  bridge::DataFacts* facts_;
  TrainActions actions_;
  QScrollArea* settings_;
  SettingsForm* form_ = nullptr;
  QLabel* locked_;
  RunHeader* header_;
  MessageBanner *silent_, *problem_, *success_, *refusal_;
  QPushButton *problemDesign_, *resumeLost_, *resumeStopped_;
  QVector<MetricCard*> cards_;  // loss, then the metric that is followed
  QHBoxLayout* cardRow_ = nullptr;
  QString metric_;
  QString resumable_;  // id of a stored run that could go on
  TrainViews* views_;
  RunLog* log_;
};

}  // namespace netwright::panels
