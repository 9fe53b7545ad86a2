// SPDX-License-Identifier: GPL-3.0-or-later
// The window's part in what outlives it: runs that train on, and edits that it was killed before saving.
#include <QDateTime>
#include <QFileInfo>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/metric_text.h"
#include "widgets/bridge/recent_projects.h"
#include "widgets/main_window.h"
#include "widgets/panels/message_banner.h"

namespace netwright {

using panels::MessageBanner;

void MainWindow::lookForRuns() {
  bridge::inBackground(
      this, [] { return project::goingEngines(std::chrono::seconds(3)); },
      [this](const std::vector<project::GoingEngine>& engines) {
        if (model_.isOpen()) return;
        for (const project::GoingEngine& e : engines) {
          if (!e.snapshot || !e.snapshot->keep) continue;
          const run::Snapshot& s = *e.snapshot;
          goingFolder_ = QString::fromStdString(s.project);
          return going_->showMessage(MessageBanner::Kind::Info,
                                     {tr("A run is going on."),
                                      tr("%1 of %2 is in epoch %3 of %4.")
                                          .arg(QString::fromStdString(s.run.name), bridge::shownPath(goingFolder_))
                                          .arg(s.progress.epoch)
                                          .arg(s.run.epochs),
                                      {}});
        }
      },
      [](const bridge::Message&) {});
}

void MainWindow::buildRecovery(QVBoxLayout& above) {
  recovery_->setObjectName("recovery-banner");
  recovery_->setClosable(false);
  QPushButton* yes = recovery_->addButton(tr("Recover"), "refresh", "primary");
  QPushButton* no = recovery_->addButton(tr("Discard"), "trash");
  yes->setObjectName("recover");
  no->setObjectName("discard-recovery");
  yes->setToolTip(tr("Open the project with these edits; they can be undone"));
  no->setToolTip(tr("Forget these edits for good; project.json stays as it is"));
  connect(yes, &QPushButton::clicked, this, &MainWindow::recover);
  connect(no, &QPushButton::clicked, this, &MainWindow::discardRecovery);
  above.addWidget(recovery_);
}

void MainWindow::lookForRecovery() {
  bridge::inBackground(
      this, [] { return project::leftAutosaves(); },
      [this](std::vector<project::LeftAutosave> left) {
        left_ = std::move(left);
        showRecovery();
      },
      [this](const bridge::Message& m) { report(m); });
}

void MainWindow::showRecovery() {
  if (left_.empty()) return recovery_->dismiss();
  const project::Autosave& a = left_.front().autosave;
  const QString name = QString::fromStdString(a.project.name), last = QString::fromStdString(a.lastEdit);
  const QString when = bridge::whenText(a.savedMs, QDateTime::currentMSecsSinceEpoch());
  QString what = a.edits == 1 ? tr("1 edit was not saved, %1: %2.").arg(when, last)
                              : tr("%1 edits were not saved, the last %2: %3.").arg(a.edits).arg(when, last);
  if (left_.size() > 1) what += ' ' + tr("%1 more after this.").arg(left_.size() - 1);
  recovery_->showMessage(MessageBanner::Kind::Warning, {tr("Netwright ended without saving %1.").arg(name), what,
                                                        bridge::shownPath(QString::fromStdString(a.folder))});
}

// The project is opened as the disk has it and gets the edits as one step. A folder that is gone is made anew.
void MainWindow::recover() {
  if (left_.empty()) return;
  const project::LeftAutosave left = left_.front();
  QString folder = QString::fromStdString(left.autosave.folder);
  try {
    if (!QFileInfo::exists(folder + "/project.json")) {
      folder = bridge::freshProjectFolder(QFileInfo(folder).fileName());
      project::save(left.autosave.project, folder.toStdString());
    }
    openProject(folder, [this, left] {
      model_.adopt(left.autosave.project, tr("Recover unsaved edits"));
      autosave_.flush();  // these edits are kept again before the old file goes
      discardRecovery();
    });
  } catch (const Error& e) {
    report(bridge::messageOf(e));
  }
}

void MainWindow::discardRecovery() {
  if (left_.empty()) return;
  project::discardAutosave(left_.front().file);
  left_.erase(left_.begin());
  showRecovery();
}

}  // namespace netwright
