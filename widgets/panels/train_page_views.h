// SPDX-License-Identifier: GPL-3.0-or-later
// The middle of the Train page, three views of a run: its curves, what it says about samples, what it mixes up.
#pragma once

#include <QWidget>

#include "widgets/bridge/run_model.h"
#include "widgets/panels/train_page_actions.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QStackedWidget;
class QToolButton;
QT_END_NAMESPACE

namespace netwright::charts {
class ConfusionMatrix;
class ScatterPlot;
}  // namespace netwright::charts

namespace netwright::panels {

class LiveCharts;
class SampleGrid;

class TrainViews : public QWidget {
  Q_OBJECT

 public:
  TrainViews(bridge::RunModel* run, const TrainActions& actions);
  LiveCharts& charts() { return *charts_; }
  SampleGrid& samples() { return *samples_; }
  charts::ConfusionMatrix& matrix() { return *matrix_; }
  charts::ScatterPlot& scatter() { return *scatter_; }
  int current() const;

 private:
  QWidget* makeSamples();
  QWidget* makeMatrix();
  void choose(int index);
  void showState();
  void showValidation();
  bridge::RunModel* run_;
  LiveCharts* charts_;
  SampleGrid* samples_;
  charts::ConfusionMatrix* matrix_;
  charts::ScatterPlot* scatter_;
  QStackedWidget *stack_, *samplesStack_, *matrixStack_;
  QWidget* rest_;  // of the row of tabs
  QLabel* of_;     // which epoch the samples are of
  QVector<QToolButton*> tabs_;
};

}  // namespace netwright::panels
