// SPDX-License-Identifier: GPL-3.0-or-later
// What the actions of the Runs page do.
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>

#include "core/base/text.h"
#include "core/project/project.h"
#include "core/store/trash.h"
#include "widgets/bridge/background.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/run_details.h"
#include "widgets/panels/run_labels.h"
#include "widgets/panels/runs_page.h"
#include "widgets/panels/runs_view.h"

namespace netwright::panels {
namespace {

bool isActive(const store::RunSummary& run) {
  return run.status == store::RunStatus::Running || run.status == store::RunStatus::Paused;
}

bool canResume(const store::RunSummary& run) {
  return run.status == store::RunStatus::Killed || run.status == store::RunStatus::Lost ||
         run.status == store::RunStatus::Failed;
}

std::string valueOf(const store::RunFacts& run, const std::string& key, bool& found) {
  for (const auto& [k, value] : run.tags)
    if (k == key) return found = true, value;
  return found = false, std::string();
}

}  // namespace

bridge::RunEdits::Runs RunsPage::selected() const {
  bridge::RunEdits::Runs runs;
  for (const store::RunId id : view_->selectedRuns()) runs.push_back(id);
  return runs;
}

const store::RunFacts* RunsPage::single() const {
  const QVector<store::RunId> ids = view_->selectedRuns();
  return ids.size() == 1 ? table_->findFacts(ids.front()) : nullptr;
}

QString RunsPage::selectedName() const {
  const store::RunFacts* run = single();
  return run ? QString::fromStdString(run->summary.name) : tr("%1 runs").arg(view_->selectedRuns().size());
}

void RunsPage::connectActions() {
  const auto on = [this](QAction* action, auto slot) { connect(action, &QAction::triggered, this, slot); };
  const auto withRun = [this](auto act) {
    return [this, act] {
      if (const store::RunFacts* run = single()) act(QString::number(run->summary.id.value));
    };
  };
  on(actions_.exportRun, withRun([this](const QString& id) { Q_EMIT exportRequested(id); }));
  on(actions_.resume, withRun([this](const QString& id) { Q_EMIT resumeRequested(id); }));
  on(actions_.again, withRun([this](const QString& id) { Q_EMIT takeRequested(id, Take::RunAgain); }));
  on(actions_.branch, withRun([this](const QString& id) { Q_EMIT takeRequested(id, Take::Branch); }));
  on(actions_.network, withRun([this](const QString& id) { Q_EMIT takeRequested(id, Take::Show); }));
  on(actions_.folder, [this] {
    const store::RunFacts* run = single();
    if (!run) return;
    const auto folder = project::artifactFolder(model_->folder(), run->summary.name);
    opensFolder(QString::fromStdString((std::filesystem::exists(folder) ? folder : model_->folder()).string()));
  });
  on(actions_.tag, [this] { details_->labels().focusTag(); });
  on(actions_.note, [this] { details_->labels().focusNotes(); });
  on(actions_.remove, [this] { removeSelected(); });
  on(actions_.restore, [this] { restoreSelected(); });
  on(actions_.find, [this] {
    filter_->setFocus();
    filter_->selectAll();
  });
  on(actions_.keepView, [this] { keepView(); });
  connect(actions_.trash, &QAction::toggled, this, [this](bool trash) {
    table_->setTrash(trash);
    showActions();
  });
  on(actions_.emptyTrash, [this] { askToEmptyTrash(); });
  connect(details_, &RunDetails::read, this, &RunsPage::showActions);
  connect(&details_->labels(), &RunLabels::tagSet, this,
          [this](store::RunId id, const QString& key, const QString& value) {
            const store::RunFacts* run = table_->findFacts(id);
            if (!run) return;
            bool had = false;
            const std::string before = valueOf(*run, key.toStdString(), had);
            edits_->setTag(id, key.toStdString(), value.toStdString(), had ? std::optional(before) : std::nullopt);
          });
  connect(&details_->labels(), &RunLabels::tagRemoved, this, [this](store::RunId id, const QString& key) {
    const store::RunFacts* run = table_->findFacts(id);
    bool had = false;
    const std::string before = run ? valueOf(*run, key.toStdString(), had) : std::string();
    if (had) edits_->removeTag(id, key.toStdString(), before);
  });
  connect(&details_->labels(), &RunLabels::notesChanged, this,
          [this](store::RunId id, const QString& notes, const QString& before) {
            edits_->setNotes(id, notes.toStdString(), before.toStdString());
          });
  view_->addActions({actions_.network, actions_.again, actions_.branch, actions_.resume, actions_.exportRun,
                     actions_.folder, actions_.tag, actions_.note, actions_.remove, actions_.restore});
  showActions();
}

void RunsPage::showActions() {
  const store::RunFacts* run = single();
  const QVector<store::RunId> ids = view_->selectedRuns();
  const bool trash = table_->showsTrash(), one = run && !trash, free = !run_->isActive();
  const bool checkpoint = one && details_->hasCheckpoint();
  bool active = false;
  for (const store::RunId id : ids)
    if (const store::RunSummary* r = table_->find(id)) active |= isActive(*r);
  actions_.exportRun->setEnabled(checkpoint);
  actions_.branch->setEnabled(checkpoint);
  actions_.again->setEnabled(one && free);
  actions_.network->setEnabled(run != nullptr);
  actions_.resume->setEnabled(checkpoint && free && canResume(run->summary));
  for (QAction* action : {actions_.folder, actions_.tag, actions_.note}) action->setEnabled(one);
  actions_.remove->setEnabled(!trash && !ids.isEmpty() && !active);
  actions_.restore->setEnabled(trash && !ids.isEmpty());
  actions_.remove->setVisible(!trash);
  actions_.restore->setVisible(trash);
  actions_.emptyTrash->setVisible(trash);
  actions_.emptyTrash->setEnabled(trash && table_->rowCount() > 0);
  actions_.trash->setEnabled(model_->isOpen());
  actions_.keepView->setEnabled(model_->isOpen() && !view_->filter().filter().empty());
}

void RunsPage::removeSelected() {
  const auto runs = selected();
  if (runs.empty()) return;
  trashed_ = runs;
  edits_->trash(runs, selectedName());
}

void RunsPage::restoreSelected() {
  if (const auto runs = selected(); !runs.empty()) edits_->restore(runs, selectedName());
}

// What it frees is counted first; it cannot be undone.
void RunsPage::askToEmptyTrash() {
  const auto folder = model_->folder();
  const auto failed = [this](const bridge::Message& m) { banner_->showMessage(MessageBanner::Kind::Error, m); };
  const auto collect = [folder](bool dry) {
    return [folder, dry] { return store::collectGarbage(folder, project::databaseFile(folder), dry); };
  };
  bridge::inBackground(
      this, collect(true),
      [this, collect, failed](const store::Collected& found) {
        const QString size =
            QString::fromStdString(byteText(static_cast<double>(found.fileBytes + found.databaseBytes)));
        QMessageBox box(QMessageBox::NoIcon, tr("Empty trash"),
                        tr("Remove %1 runs and %2 files for good?").arg(found.runs).arg(found.files.size()),
                        QMessageBox::NoButton, this);
        box.setInformativeText(tr("That frees about %1 and cannot be undone.").arg(size));
        QPushButton* yes = box.addButton(tr("Empty trash"), QMessageBox::DestructiveRole);
        box.setDefaultButton(box.addButton(QMessageBox::Cancel));
        box.exec();
        if (box.clickedButton() != yes) return;
        edits_->undoStack()->clear();
        bridge::inBackground(this, collect(false), [this](const store::Collected&) { table_->refresh(); }, failed);
      },
      failed);
}

void RunsPage::loadViews() {
  bridge::inBackground(
      this, [file = project::databaseFile(model_->folder())] { return store::savedViews(file); },
      [this](std::vector<store::SavedView> views) { saved_ = std::move(views); }, [](const bridge::Message&) {});
}

void RunsPage::fillViews() {
  views_->clear();
  for (const store::SavedView& view : saved_) {
    QAction* chosen = views_->addAction(QString::fromStdString(view.name));
    chosen->setToolTip(QString::fromStdString(view.filter));
    connect(chosen, &QAction::triggered, this, [this, view] { setFilter(QString::fromStdString(view.filter)); });
  }
  if (saved_.empty()) views_->addAction(tr("No filter was kept yet"))->setEnabled(false);
  views_->addSeparator();
  views_->addAction(actions_.keepView);
  if (saved_.empty()) return;
  QMenu* remove = views_->addMenu(tr("Forget"));
  for (const store::SavedView& view : saved_)
    connect(remove->addAction(QString::fromStdString(view.name)), &QAction::triggered, this, [this, view] {
      edits_->enqueue([name = view.name](const auto& file) { store::removeView(file, name); });
      std::erase(saved_, view);
    });
}

void RunsPage::keepView() {
  QInputDialog dialog(this);
  dialog.setWindowTitle(tr("Keep this filter"));
  dialog.setLabelText(tr("Name of the filter:"));
  dialog.setTextValue(filter_->text());
  if (dialog.exec() != QDialog::Accepted || dialog.textValue().trimmed().isEmpty()) return;
  const store::SavedView view{dialog.textValue().trimmed().toStdString(), filter_->text().toStdString()};
  std::erase_if(saved_, [&](const store::SavedView& v) { return v.name == view.name; });
  saved_.push_back(view);
  edits_->enqueue([view](const auto& file) { store::saveView(file, view); });
}

}  // namespace netwright::panels
