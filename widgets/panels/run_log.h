// SPDX-License-Identifier: GPL-3.0-or-later
// What happened in the run, line by line: start, epochs, checkpoints, errors.
#pragma once

#include <QFrame>

#include "widgets/bridge/run_model.h"

QT_BEGIN_NAMESPACE
class QListView;
class QStandardItemModel;
QT_END_NAMESPACE

namespace netwright::panels {

class RunLog : public QFrame {
  Q_OBJECT

 public:
  explicit RunLog(bridge::RunModel* run);
  int lineCount() const;
  QString line(int index) const;

 private:
  void add(const QString& iconName, int role, const QString& text);
  void explainEmpty();
  void logState();
  void logEpoch(const run::EpochFinished& epoch);
  bridge::RunModel* run_;
  QStandardItemModel* lines_;
  QListView* view_;
  bool scrolling_ = false;  // to the last line, soon
};

}  // namespace netwright::panels
