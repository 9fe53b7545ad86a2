// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/project_model.h"

#include <QUndoCommand>
#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/data_config.h"
#include "core/graph/blocks.h"
#include "core/graph/bypass.h"
#include "core/project/fix_edit.h"
#include "core/project/settle.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/undo_commands.h"

namespace netwright::bridge {

ProjectModel::ProjectModel(QObject* parent) : QObject(parent) {
  connect(&undo_, &QUndoStack::cleanChanged, this, [this](bool clean) { Q_EMIT modifiedChanged(!clean); });
  connect(&undo_, &QUndoStack::indexChanged, this, &ProjectModel::edited);
  connect(&watcher_, &QFileSystemWatcher::fileChanged, this, &ProjectModel::lookAtDisk);
  connect(&watcher_, &QFileSystemWatcher::directoryChanged, this, &ProjectModel::lookAtDisk);
}

ProjectOnDisk readProject(const std::filesystem::path& folder) {
  ProjectOnDisk found{.folder = project::projectFolder(folder)};
  found.text = project::loadText(found.folder);
  found.project = project::fromText(found.text, project::projectFile(found.folder).string());
  return found;
}

void ProjectModel::open(ProjectOnDisk found) { replace(std::move(found)); }

void ProjectModel::create(const std::filesystem::path& folder, const std::string& templateId) {
  project::Project made = project::createProject(folder, templateId);
  replace({folder, readFile(project::projectFile(folder)), std::move(made)});
}

void ProjectModel::save() {
  const std::string folder = folder_.string();
  if (!std::filesystem::is_directory(folder_))
    failEnvironment("The folder " + folder + " is gone.", "It was moved or removed, or its disk is not there.",
                    "Bring it back and save again; your edits are still in the window.");
  if (lock_ && !lock_->isHeld()) lock(project::EditLock::Way::IfFree);
  if (!lock_)
    failEnvironment(project_.name + " is open read-only.", readOnlyReason_.toStdString(),
                    "Take it over, or close it there and open it again; your edits are still in the window.");
  lookAtDisk();
  if (changedOnDisk_)
    failInput("Another program changed project.json.", "Saving now would lose what it wrote.",
              "Reload it, or keep yours; both can be taken back.");
  project::save(project_, folder_);
  setKnown(readFile(project::projectFile(folder_)));
  undo_.setClean();
  watch();
}

void ProjectModel::takeOver() {
  lock(project::EditLock::Way::TakeOver);
  lookAtDisk();
}

void ProjectModel::reload() {
  std::string text = readFile(project::projectFile(folder_));
  push(new ReplaceCommand(*this, project::fromText(text, project::projectFile(folder_).string()), tr("Reload")));
  undo_.setClean();
  setKnown(std::move(text));
}

void ProjectModel::adopt(project::Project project, const QString& name) {
  project.name = project_.name;
  project.description = project_.description;
  if (project != project_) push(new ReplaceCommand(*this, std::move(project), name));
}

QString ProjectModel::keepMine() {
  std::string text;
  std::filesystem::path other;
  if (std::filesystem::exists(project::projectFile(folder_))) {
    text = readFile(project::projectFile(folder_));
    int number = 1;
    do other = folder_ / ("project-other-" + std::to_string(number++) + ".json");
    while (std::filesystem::exists(other));
    writeFileAtomic(other, text);
  }
  undo_.resetClean();
  setKnown(std::move(text));
  return QString::fromStdString(other.filename().string());
}

void ProjectModel::lock(project::EditLock::Way way) {
  lock_.reset();
  readOnlyReason_.clear();
  try {
    lock_ = project::EditLock::take(folder_, way);
    const auto owner = lock_ ? std::nullopt : project::lockOwner(folder_);
    if (owner) readOnlyReason_ = tr("It is being edited by %1.").arg(QString::fromStdString(owner->text()));
  } catch (const Error& e) {
    readOnlyReason_ = QString::fromStdString(e.title + " " + e.why);
  }
  Q_EMIT accessChanged();
}

void ProjectModel::watch() {
  if (const QStringList old = watcher_.files() + watcher_.directories(); !old.isEmpty()) watcher_.removePaths(old);
  if (!isOpen()) return;
  for (const std::filesystem::path& path : {project::projectFile(folder_), folder_})
    if (std::filesystem::exists(path)) watcher_.addPath(QString::fromStdString(path.string()));
}

void ProjectModel::lookAtDisk() {
  if (!isOpen()) {
    if (std::exchange(changedOnDisk_, false)) Q_EMIT diskChanged();
    return;
  }
  watch();  // a file that was replaced is no longer watched
  std::string text;
  try {
    text = readFile(project::projectFile(folder_));
  } catch (const Error&) {  // it was removed: text stays empty
  }
  const bool changed = text != known_;
  if (std::exchange(changedOnDisk_, changed) != changed) Q_EMIT diskChanged();
}

void ProjectModel::setKnown(std::string text) {
  known_ = std::move(text);
  lookAtDisk();
}

void ProjectModel::close() { replace({}); }

bool ProjectModel::isModified() const { return !undo_.isClean(); }

void ProjectModel::replace(ProjectOnDisk found) {
  lock_.reset();
  project_ = std::move(found.project);
  folder_ = std::move(found.folder);
  setKnown(std::move(found.text));
  watch();
  readOnlyReason_.clear();
  if (isOpen())
    lock(project::EditLock::Way::IfFree);
  else
    Q_EMIT accessChanged();
  undo_.clear();
  block_ = {};
  path_.clear();
  readColumns();
  refresh();
  Q_EMIT projectChanged();
}

// A step that merges into the one before leaves the index as it was, and the stack says nothing.
void ProjectModel::push(QUndoCommand* command) {
  const int before = undo_.index();
  undo_.push(command);
  if (undo_.index() == before) Q_EMIT edited();
}

QString ProjectModel::apply(const graph::Edit& edit, const QString& mergeKey) {
  return applyAnywhere(graph::Edit(edit).in(block_), mergeKey);
}

const program::ValueType* ProjectModel::typeAt(const PortRef& output) const {
  const auto from = graph::origin(document(), output);
  return from ? prepared_.lowered.typeAt({view().flat(from->node), from->port}) : nullptr;
}

void ProjectModel::enter(NodeId node, size_t body) { show(graph::enter(view(), node, body)); }

void ProjectModel::leave() {
  const auto step = graph::bodyStep(view());
  show(graph::viewAt(project_.graph, step ? step->outer : NodePath()));
}

void ProjectModel::show(const graph::View& place) {
  if (place.block == block_ && place.path == path_) return;
  Q_EMIT placeAboutToChange();
  block_ = place.block;
  path_ = place.path;
  Q_EMIT placeChanged();
}

void ProjectModel::keepPlace() {
  const graph::View there = graph::viewAt(project_.graph, path_);
  if (block_ && project_.graph.findBlock(block_) && (path_.empty() || there.block == block_)) return;
  if (block_) show(project_.graph.findBlock(block_) ? graph::viewOf(project_.graph, block_) : there);
}

QString ProjectModel::applyAnywhere(const graph::Edit& edit, const QString& mergeKey) {
  if (!isOpen() || edit.empty()) return {};
  graph::Document draft = project_.graph;
  graph::Edit inverse;
  try {
    inverse = graph::apply(draft, edit).inverse;
  } catch (const Error& e) {
    return QString::fromStdString(e.title);
  }
  if (draft != project_.graph) push(new EditCommand(*this, edit, std::move(inverse), mergeKey));
  return {};
}

QString ProjectModel::applyFix(const Fix& fix) {
  try {
    return applyAnywhere(project::fixEdit(root(), fix));
  } catch (const Error& e) {
    return QString::fromStdString(e.title);
  }
}

run::RunConfig ProjectModel::settledRun() const { return project::settledRun(project_); }
FormulaValue ProjectModel::formulaValue() const { return project::formulaValue(project_); }

QString ProjectModel::renameVariable(const std::string& from, const std::string& to) {
  graph::Edit edit;
  try {
    edit = graph::renameVariable(root(), block_, from, to);
  } catch (const Error& e) {
    return QString::fromStdString(e.title);
  }
  project::Project after = project_;
  if (!block_) project::renameInSettings(after, from, to);  // they know the project's own variables only
  if (after.run == project_.run && after.data == project_.data) return applyAnywhere(edit);
  const QString name = QString::fromStdString(edit.name);
  undo_.beginMacro(name);
  push(new SettingsCommand(*this, {after.run, after.data}, name));
  const QString refused = applyAnywhere(edit);
  undo_.endMacro();
  if (!refused.isEmpty()) undo_.undo();
  return refused;
}

void ProjectModel::setRunConfig(const run::RunConfig& config, const QString& name) {
  if (config == project_.run) return;
  push(new SettingsCommand(*this, {config, project_.data}, name));
}

void ProjectModel::setDataConfig(const data::DataConfig& config, const QString& name) {
  if (config == project_.data) return;
  push(new SettingsCommand(*this, {project_.run, config}, name));
}

void ProjectModel::commit(const graph::Edit& edit) {
  const std::vector<graph::Variable> before = project_.graph.variables;
  const graph::Change change = graph::apply(project_.graph, edit).change;
  const bool variables = before != project_.graph.variables;  // which formulas of the settings may use
  if (variables && isOpen() && project::settledData(project_) != readData_) readColumns();
  if (change.meaning) refresh();
  keepPlace();
  Q_EMIT documentChanged(change);
  if (variables) Q_EMIT settingsChanged();
}

void ProjectModel::commit(const Settings& settings) {
  project_.run = settings.run;
  if (project_.data != settings.data) {
    project_.data = settings.data;
    readColumns();
  }
  refresh();
  Q_EMIT settingsChanged();
}

void ProjectModel::commit(const project::Project& project) {
  project_ = project;
  readColumns();
  refresh();
  keepPlace();
  Q_EMIT projectChanged();
}

void ProjectModel::readColumns() {
  columns_.clear();
  dataError_.clear();
  readingData_ = isOpen();
  const int number = ++question_;
  if (!readingData_) return;
  const auto answer = [this, number](std::vector<data::ColumnSpec> columns, const QString& error) {
    if (number != question_) return;
    columns_ = std::move(columns);
    dataError_ = error;
    readingData_ = false;
    refresh();
    Q_EMIT settingsChanged();
    Q_EMIT dataRead();
  };
  inBackground(
      this,
      [config = readData_ = project::settledData(project_), folder = folder_] {
        return data::describeData(config, folder);
      },
      [answer](std::vector<data::ColumnSpec> columns) { answer(std::move(columns), {}); },
      [answer](const Message& m) { answer({}, m.why.isEmpty() ? m.title : m.title + ' ' + m.why); });
}

void ProjectModel::refresh() {
  prepared_ = !isOpen()      ? project::Prepared{}
              : readingData_ ? project::prepareWithoutData(project_)
                             : project::prepare(project_, columns_);
}

}  // namespace netwright::bridge
