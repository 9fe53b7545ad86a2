// SPDX-License-Identifier: GPL-3.0-or-later
// The head of the Train page: whether the project is ready or how far the run is, and the buttons that steer it.
#pragma once

#include <QFrame>

#include "widgets/bridge/run_model.h"
#include "widgets/panels/readiness.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QProgressBar;
class QPushButton;
QT_END_NAMESPACE

namespace netwright::panels {

class ElidedLabel;
class IconLabel;

class RunHeader : public QFrame {
  Q_OBJECT

 public:
  explicit RunHeader(bridge::RunModel* run);
  void setReadiness(const Readiness& readiness);
  QPushButton* startButton() const { return start_; }

 Q_SIGNALS:
  void startRequested();
  void designRequested();

 private:
  void showState();
  void showProgress();
  void showReadiness();
  bridge::RunModel* run_;
  Readiness readiness_;
  IconLabel* icon_;
  ElidedLabel* title_;
  QLabel* text_;
  QPushButton *start_, *pause_, *resume_, *stop_, *design_;
  QProgressBar* bar_;
};

}  // namespace netwright::panels
