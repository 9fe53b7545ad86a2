// SPDX-License-Identifier: GPL-3.0-or-later
// The window's part in what happens to the project's files: packed projects, other editors, changes on the disk.
#include <QFileDialog>
#include <QFileInfo>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/convert/importer.h"
#include "core/project/archive.h"
#include "core/project/from_export.h"
#include "core/project/from_table.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/recent_projects.h"
#include "widgets/main_window.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/weights_dialog.h"

namespace netwright {

using panels::MessageBanner;

void MainWindow::buildFileBanners(QVBoxLayout& above) {
  access_->setObjectName("access-banner");
  disk_->setObjectName("disk-banner");
  for (MessageBanner* banner : {access_, disk_}) {
    banner->setClosable(false);
    above.addWidget(banner);
  }
  const auto button = [this](MessageBanner* banner, const char* name, const QString& text, auto act) {
    QPushButton* made = banner->addButton(text);
    made->setObjectName(name);
    connect(made, &QPushButton::clicked, this, [this, act] {
      try {
        act();
      } catch (const Error& e) {
        report(bridge::messageOf(e));
      }
    });
  };
  button(access_, "take-over", tr("Take over"), [this] { model_.takeOver(); });
  button(disk_, "disk-reload", tr("Reload"), [this] {
    model_.reload();
    banner_->dismiss();
  });
  button(disk_, "disk-keep-mine", tr("Keep mine"), [this] {
    const QString kept = model_.keepMine();
    banner_->showMessage(MessageBanner::Kind::Info,
                         {tr("Your version is kept; it is written when you save."),
                          kept.isEmpty() ? QString() : tr("The other one is in %1.").arg(kept),
                          {}});
  });
}

void MainWindow::showAccess() {
  if (!model_.isReadOnly()) return access_->dismiss();
  access_->showMessage(MessageBanner::Kind::Warning,
                       {tr("This project is open read-only: edits cannot be saved."), model_.readOnlyReason(),
                        tr("Taking it over makes the other program unable to save.")});
}

void MainWindow::showDisk() {
  if (!model_.isChangedOnDisk()) return disk_->dismiss();
  disk_->showMessage(MessageBanner::Kind::Warning,
                     {tr("Another program changed or removed project.json."),
                      tr("Reload shows its version; undo brings yours back. Keep mine saves its version beside yours."),
                      {}});
}

void MainWindow::browseArchive() {
  const QString file =
      QFileDialog::getOpenFileName(this, tr("Open a packed project"), {}, tr("Packed projects (*.nwz)"));
  if (!file.isEmpty()) openProject(file);
}

void MainWindow::unpackProject(const QString& archive) {
  const QString folder = bridge::freshProjectFolder(QFileInfo(archive).completeBaseName());
  bridge::inBackground(
      this,
      [archive, folder] {
        project::unpack(archive.toStdString(), folder.toStdString());
        return folder;
      },
      [this](const QString& made) { openProject(made); }, [this](const bridge::Message& m) { report(m); });
}

void MainWindow::browseTable() {
  const QString file =
      QFileDialog::getOpenFileName(this, tr("A project for a table"), {}, tr("Tables (*.csv *.tsv *.csv.gz *.tsv.gz)"));
  if (!file.isEmpty()) openProject(file);
}

void MainWindow::browseWeights() {
  QStringList patterns;
  for (const auto& importer : convert::importerRegistry())
    for (const std::string& extension : importer->info().extensions)
      patterns << "*." + QString::fromStdString(extension);
  const QString file = QFileDialog::getOpenFileName(this, tr("Weights for this network"), {},
                                                    tr("Weights (%1)").arg(patterns.join(' ')));
  if (!file.isEmpty()) openWeights(file);
}

void MainWindow::createFromExport(const QString& file) {
  const QString folder = bridge::freshProjectFolder(QFileInfo(file).completeBaseName());
  bridge::inBackground(
      this,
      [file, folder] {
        project::createFromExport(folder.toStdString(), file.toStdString());
        return folder;
      },
      [this](const QString& made) {
        openProject(made, [this] {
          banner_->showMessage(MessageBanner::Kind::Success,
                               {tr("Opened the network of an exported file."),
                                {},
                                tr("The next run starts from its weights. Choose the data on the Train page.")});
        });
      },
      [this](const bridge::Message& m) { report(m); });
}

void MainWindow::openWeights(const QString& file) {
  auto* dialog = new panels::WeightsDialog(model_, file, this);
  connect(dialog, &panels::WeightsDialog::applied, this, [this](const QString& what) {
    banner_->showMessage(panels::MessageBanner::Kind::Success,
                         {tr("The next run starts from %1.").arg(what), {}, tr("Undo goes back to fresh weights.")});
  });
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

void MainWindow::createFromTable(const QString& table) {
  const QFileInfo file(table);
  const QString folder = bridge::freshProjectFolder(file.baseName());
  bridge::inBackground(
      this,
      [table, folder] {
        project::TableGuess guess;
        project::createFromTable(folder.toStdString(), table.toStdString(), &guess);
        return guess;
      },
      [this, folder, name = file.fileName()](const project::TableGuess& guess) {
        openProject(folder, [this, name, guess] {
          showPage(Train);
          banner_->showMessage(MessageBanner::Kind::Success,
                               {tr("Made a project for %1.").arg(name), QString::fromStdString(guess.text),
                                tr("Target, types, split and scaling were guessed: change them under Data.")});
        });
      },
      [this](const bridge::Message& m) { report(m); });
}

void MainWindow::choosePack(bool withRuns) {
  if (!model_.isOpen()) return;
  const QString name = QString::fromStdString(model_.folder().string()) + ".nwz";
  const QString file = QFileDialog::getSaveFileName(this, tr("Pack project"), name, tr("Packed projects (*.nwz)"));
  if (!file.isEmpty()) packProject(file, withRuns);
}

void MainWindow::packProject(const QString& archive, bool withRuns) {
  if (!model_.isOpen() || (model_.isModified() && !save())) return;
  const project::PackRequest request{model_.folder(), archive.toStdString(), withRuns};
  bridge::inBackground(
      this, [request] { return project::pack(request); },
      [this, archive](const project::Packed& packed) {
        QStringList left;
        for (const project::LeftOut& l : packed.leftOut)
          left << tr("Left out: %1 %2.").arg(QString::fromStdString(l.path), QString::fromStdString(l.reason));
        banner_->showMessage(left.isEmpty() ? MessageBanner::Kind::Success : MessageBanner::Kind::Warning,
                             {tr("Packed %n file(s) into %1.", nullptr, static_cast<int>(packed.files)).arg(archive),
                              left.join(' '),
                              {}});
      },
      [this](const bridge::Message& m) { report(m); });
}

}  // namespace netwright
