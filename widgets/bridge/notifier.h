// SPDX-License-Identifier: GPL-3.0-or-later
// Tells that a run has ended to somebody who looks at another window.
#pragma once

#include <QObject>

#include "widgets/bridge/run_model.h"

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

namespace netwright::bridge {

// By the desktop's notifications where there is a session bus, and by marking the window in the task bar. Silent while
// the window is active.
class Notifier : public QObject {
  Q_OBJECT

 public:
  Notifier(RunModel* run, QWidget* window);

 Q_SIGNALS:
  void notified(const QString& title, const QString& text);

 private:
  void tellEnd();
  void tellTrouble();
  void notify(const QString& title, const QString& text);
  RunModel* run_;
  QWidget* window_;
};

}  // namespace netwright::bridge
