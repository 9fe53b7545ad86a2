// SPDX-License-Identifier: GPL-3.0-or-later
// The guided tour beside the pages: the steps of a tutorial, ticked off as they are really done.
#pragma once

#include <QWidget>

#include "widgets/bridge/tutorial.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QProgressBar;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::panels {

// Steps are done in their order; one that is ticked stays so. The place is remembered from one start to the next.
class TutorialPanel : public QWidget {
  Q_OBJECT

 public:
  TutorialPanel();
  void begin(const bridge::Tutorial& tutorial, int step = 0);
  void look(const bridge::TutorialFacts& facts);  // at how things are now
  const bridge::Tutorial& tutorial() const { return tutorial_; }
  int step() const { return step_; }  // the number of steps when all are done
  bool isFinished() const { return step_ >= tutorial_.steps.size(); }
  void stop();  // hides it

  struct Place {
    QString tutorial;
    int step = 0;
  };
  static Place remembered();  // of a tutorial that is not finished; empty if there is none
  static bool wasFinished(const QString& tutorial);

 Q_SIGNALS:
  void showRequested(const QString& action);    // "Show me"
  void changeRequested(const QString& change);  // "Do it for me": "fc2.in_features = 100"
  void finished();
  void closed();

 private:
  void rebuild();
  QWidget* row(int index);
  bridge::Tutorial tutorial_;
  int step_ = 0;
  QLabel *title_, *summary_;
  QProgressBar* bar_;
  QVBoxLayout* rows_;
};

}  // namespace netwright::panels
