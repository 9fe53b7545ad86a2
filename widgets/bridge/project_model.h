// SPDX-License-Identifier: GPL-3.0-or-later
// The open project as the window sees it: document, settings, undo and what lowering says. The one place where the
// window changes a project. Lives in the GUI thread.
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QUndoStack>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/data/dataset.h"
#include "core/graph/edit.h"
#include "core/graph/view.h"
#include "core/project/edit_lock.h"
#include "core/project/prepare.h"
#include "core/project/project.h"

namespace netwright::bridge {

// What a project's folder holds.
struct ProjectOnDisk {
  std::filesystem::path folder;
  std::string text;  // of project.json
  project::Project project;
};
ProjectOnDisk readProject(const std::filesystem::path& folder);  // any thread; throws netwright::Error

struct Settings {
  run::RunConfig run;
  data::DataConfig data;
};

class ProjectModel : public QObject {
  Q_OBJECT

 public:
  explicit ProjectModel(QObject* parent = nullptr);

  // Replace the open project; throw netwright::Error and change nothing if that fails.
  // A project that somebody else edits, or whose folder cannot be written, is opened read-only.
  void open(const std::filesystem::path& folder) { open(readProject(folder)); }
  void open(ProjectOnDisk found);
  void create(const std::filesystem::path& folder, const std::string& templateId);
  // Atomic; marks the undo stack clean. Throws Error and writes nothing while the project is read-only, the file on the
  // disk is another's, or the folder is gone.
  void save();
  void close();
  bool isOpen() const { return !folder_.empty(); }
  bool isModified() const;  // unsaved edits of graph or settings
  bool isReadOnly() const { return isOpen() && !lock_; }
  const QString& readOnlyReason() const { return readOnlyReason_; }  // "anna on pine (process 42) edits it."
  void takeOver();                                                   // the edit lock, from whoever has it; throws Error
  // Another program wrote or removed project.json since it was opened or saved.
  bool isChangedOnDisk() const { return changedOnDisk_; }
  void reload();  // the file's content, as one step that undo takes back; throws Error
  // Graph, data and settings of another project in place of these, under the present name; undo brings these back.
  void adopt(project::Project project, const QString& name);
  // Goes on with what is in the window. The other version is kept beside project.json: returns its name, empty if the
  // file was removed. Throws Error.
  QString keepMine();

  const std::filesystem::path& folder() const { return folder_; }
  const project::Project& project() const { return project_; }
  run::RunConfig settledRun() const;  // the run settings with the values of their formulas
  FormulaValue formulaValue() const;  // what a formula of the settings comes to
  // The body that is shown and edited: the network itself or, after enter(), a block's.
  const graph::Document& document() const { return view().document(); }
  const graph::Document& root() const { return project_.graph; }  // the whole, with definitions and variables
  graph::View view() const { return {&project_.graph, block_, path_}; }
  const program::ValueType* typeAt(const PortRef& output) const;  // of the shown body; null if unknown
  void enter(NodeId node, size_t body = 0);                       // into what a node of the shown body runs
  void leave();  // to the body around; from a block that nothing leads to, to the network
  void show(const graph::View& place);
  // Of the present document and settings, always up to date: shapes, costs, everything that is wrong (graph, data,
  // settings). While the data is being read it is left out; dataRead() tells that it no longer is.
  const project::Prepared& prepared() const { return prepared_; }
  bool isReadingData() const { return readingData_; }
  const std::vector<data::ColumnSpec>& columns() const { return columns_; }  // of the data; empty if it cannot be read
  const QString& dataError() const { return dataError_; }                    // why not

  QUndoStack* undoStack() { return &undo_; }
  // Through the undo stack, under the edit's name. Edits with the same non-empty key in a row merge (dragging). An edit
  // that does not fit the document is refused: returns the reason, else an empty text. Empty edits do nothing.
  // Its steps happen in the body that is shown.
  QString apply(const graph::Edit& edit, const QString& mergeKey = {});
  // The same for an edit whose steps say where they happen.
  QString applyAnywhere(const graph::Edit& edit, const QString& mergeKey = {});
  QString applyFix(const Fix& fix);
  // A variable of the shown body, wherever it is used: graph, code and settings, in one step. Returns why not, if so.
  QString renameVariable(const std::string& from, const std::string& to);
  // Settings are undoable too.
  void setRunConfig(const run::RunConfig& config, const QString& name);
  void setDataConfig(const data::DataConfig& config, const QString& name);

 Q_SIGNALS:
  void projectChanged();                              // another project, or none
  void placeAboutToChange();                          // what is being typed belongs to the body that is still shown
  void placeChanged();                                // another body is shown
  void documentChanged(const graph::Change& change);  // after each edit, undo and redo; prepared() is fresh already
  // Run or data settings, variables that their formulas may use, or the data was read; prepared() is fresh already.
  void settingsChanged();
  void dataRead();  // columns() or dataError() are there, after settingsChanged()
  void modifiedChanged(bool modified);
  void edited();         // after each step, forwards or back, merged ones too; isModified() is right already
  void accessChanged();  // read-only or not
  void diskChanged();    // isChangedOnDisk() is another

 private:
  friend class EditCommand;
  friend class SettingsCommand;
  friend class ReplaceCommand;
  void replace(ProjectOnDisk found);
  void push(QUndoCommand* command);
  void commit(const graph::Edit& edit);  // what the undo commands call
  void commit(const Settings& settings);
  void commit(const project::Project& project);
  void lock(project::EditLock::Way way);
  void watch();
  void lookAtDisk();
  void setKnown(std::string text);  // what project.json holds as far as this window is concerned
  void readColumns();               // of the data, by a pool thread; an unreadable data set does not stop editing
  void refresh();                   // lowers and checks again
  void keepPlace();                 // leaves blocks that are gone
  std::filesystem::path folder_;
  project::Project project_;
  BlockId block_;  // the body that is shown
  NodePath path_;  // instances that lead to it
  project::Prepared prepared_;
  std::vector<data::ColumnSpec> columns_;
  QString dataError_;
  data::DataConfig readData_;  // what columns_ are of, settled
  bool readingData_ = false;
  int question_ = 0;  // the last one about the data; answers to those before come too late
  QUndoStack undo_;
  std::unique_ptr<project::EditLock> lock_;
  QString readOnlyReason_;
  QFileSystemWatcher watcher_;
  std::string known_;
  bool changedOnDisk_ = false;
};

}  // namespace netwright::bridge
