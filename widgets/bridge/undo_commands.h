// SPDX-License-Identifier: GPL-3.0-or-later
// What the project's undo stack holds: edits with their inverses, and swaps of settings. They act on the model by
// value, never on widgets. Used by ProjectModel only.
#pragma once

#include <QUndoCommand>

#include "core/graph/edit.h"
#include "widgets/bridge/project_model.h"

namespace netwright::bridge {

// Edits with the same non-empty key in a row become one; what changes nothing in the end drops out of the history.
class EditCommand : public QUndoCommand {
 public:
  EditCommand(ProjectModel& model, graph::Edit edit, graph::Edit inverse, QString key);
  void redo() override { model_.commit(edit_); }
  void undo() override { model_.commit(inverse_); }
  int id() const override { return key_.isEmpty() ? -1 : 1; }
  bool mergeWith(const QUndoCommand* other) override;

 private:
  ProjectModel& model_;
  graph::Edit edit_, inverse_;
  QString key_;
};

class SettingsCommand : public QUndoCommand {
 public:
  SettingsCommand(ProjectModel& model, Settings after, const QString& name);
  void redo() override { model_.commit(after_); }
  void undo() override { model_.commit(before_); }

 private:
  ProjectModel& model_;
  Settings before_, after_;
};

// A whole project in place of the one in the window: the file on the disk, edits that a crash left, a run's network.
class ReplaceCommand : public QUndoCommand {
 public:
  ReplaceCommand(ProjectModel& model, project::Project after, const QString& name)
      : QUndoCommand(name), model_(model), before_(model.project()), after_(std::move(after)) {}
  void redo() override { model_.commit(after_); }
  void undo() override { model_.commit(before_); }

 private:
  ProjectModel& model_;
  project::Project before_, after_;
};

}  // namespace netwright::bridge
