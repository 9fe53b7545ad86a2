// SPDX-License-Identifier: GPL-3.0-or-later
// The line at the window's lower edge: what the engine does and needs, and whether the edits are safe.
#pragma once

#include <QStatusBar>

#include "widgets/bridge/autosave.h"
#include "widgets/bridge/project_model.h"
#include "widgets/bridge/run_model.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QTimer;
QT_END_NAMESPACE

namespace netwright::panels {

class IconLabel;

// Asks nobody: it reads the models, and /proc every two seconds while a run is active and the line is visible.
class StatusLine : public QStatusBar {
  Q_OBJECT

 public:
  StatusLine(bridge::ProjectModel* model, bridge::RunModel* run, bridge::Autosave* autosave);
  QString engineText() const;  // "Training run-3, epoch 2 of 5"
  QString deviceText() const;  // "CPU, 2 threads"; empty while nothing is trained
  QString speedText() const;   // "10,420 samples/s"
  QString editsText() const;   // "All edits are saved"
  void refresh();

 private:
  void showMemory();
  bridge::ProjectModel* model_;
  bridge::RunModel* run_;
  bridge::Autosave* autosave_;
  IconLabel *engineIcon_, *editsIcon_;
  QLabel *engine_, *device_, *speed_, *memory_, *edits_;
  QTimer* timer_;
};

}  // namespace netwright::panels
