// SPDX-License-Identifier: GPL-3.0-or-later
// The head of the Train page: whether the project is ready or how far the run is, and the buttons that steer it.
#pragma once

#include <QFrame>

#include "widgets/bridge/run_model.h"
#include "widgets/panels/readiness.h"
#include "widgets/panels/train_page_actions.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
QT_END_NAMESPACE

namespace netwright::panels {

class ElidedLabel;
class IconLabel;

class RunHeader : public QFrame {
  Q_OBJECT

 public:
  RunHeader(bridge::RunModel* run, const TrainActions& actions);
  void setReadiness(const Readiness& readiness);
  void setResumable(const QString& run, const QString& why);  // a stored run that could go on; empty: there is none
  QPushButton* startButton() const { return start_; }

 Q_SIGNALS:
  void startRequested();
  void designRequested();

 private:
  QWidget* makeSteering();
  void showSteering();
  void showRate();
  void applyRate();
  void showState();
  void showProgress();
  void showReadiness();
  bridge::RunModel* run_;
  Readiness readiness_;
  IconLabel* icon_;
  ElidedLabel* title_;
  QLabel* text_;
  TrainActions actions_;
  QString resumable_;
  QPushButton *start_, *pause_, *resume_, *resumeStored_, *stop_, *design_;
  QWidget* steering_;
  QLineEdit* rate_;
  QPushButton* applyRate_;
  QLabel* rateProblem_;
  QProgressBar* bar_;
};

}  // namespace netwright::panels
