// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/run_edits.h"

#include <QUndoCommand>

#include "core/project/project.h"
#include "core/store/annotations.h"
#include "core/store/trash.h"
#include "widgets/bridge/background.h"

namespace netwright::bridge {
namespace {

class RunCommand final : public QUndoCommand {
 public:
  RunCommand(RunEdits& edits, const QString& name, RunEdits::Change redo, RunEdits::Change undo)
      : QUndoCommand(name), edits_(edits), redo_(std::move(redo)), undo_(std::move(undo)) {}
  void redo() override { edits_.enqueue(redo_); }
  void undo() override { edits_.enqueue(undo_); }

 private:
  RunEdits& edits_;
  RunEdits::Change redo_, undo_;
};

}  // namespace

void RunEdits::setProject(const std::filesystem::path& folder) {
  if (folder == folder_) return;
  folder_ = folder;
  undo_.clear();
  waiting_.clear();
}

void RunEdits::push(const QString& name, Change redo, Change undo) {
  undo_.push(new RunCommand(*this, name, std::move(redo), std::move(undo)));
}

void RunEdits::trash(const Runs& runs, const QString& name) {
  push(
      tr("Delete %1").arg(name), [runs](const auto& file) { store::moveToTrash(file, runs); },
      [runs](const auto& file) { store::restoreFromTrash(file, runs); });
}

void RunEdits::restore(const Runs& runs, const QString& name) {
  push(
      tr("Restore %1").arg(name), [runs](const auto& file) { store::restoreFromTrash(file, runs); },
      [runs](const auto& file) { store::moveToTrash(file, runs); });
}

void RunEdits::setTag(store::RunId run, const std::string& key, const std::string& value,
                      const std::optional<std::string>& before) {
  if (before == value) return;
  push(
      tr("Tag %1").arg(QString::fromStdString(key)), [=](const auto& file) { store::tagRun(file, run, key, value); },
      [=](const auto& file) { before ? store::tagRun(file, run, key, *before) : store::untagRun(file, run, key); });
}

void RunEdits::removeTag(store::RunId run, const std::string& key, const std::string& before) {
  push(
      tr("Remove tag %1").arg(QString::fromStdString(key)), [=](const auto& file) { store::untagRun(file, run, key); },
      [=](const auto& file) { store::tagRun(file, run, key, before); });
}

void RunEdits::setNotes(store::RunId run, const std::string& notes, const std::string& before) {
  if (notes == before) return;
  push(
      tr("Change notes"), [=](const auto& file) { store::setNotes(file, run, notes); },
      [=](const auto& file) { store::setNotes(file, run, before); });
}

void RunEdits::enqueue(Change change) {
  waiting_.push_back(std::move(change));
  if (!writing_) next();
}

void RunEdits::next() {
  if (waiting_.empty() || folder_.empty()) return Q_EMIT changed();
  writing_ = true;
  const Change change = std::move(waiting_.front());
  waiting_.pop_front();
  inBackground(
      this,
      [change, file = project::databaseFile(folder_)] {
        change(file);
        return true;
      },
      [this](bool) {
        writing_ = false;
        next();
      },
      [this](const Message& problem) {
        writing_ = false;
        waiting_.clear();
        undo_.clear();
        Q_EMIT failed(problem);
        Q_EMIT changed();
      });
}

}  // namespace netwright::bridge
