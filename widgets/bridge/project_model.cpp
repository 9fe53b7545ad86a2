// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/project_model.h"

#include <QUndoCommand>
#include <algorithm>

#include "core/base/error.h"
#include "core/data/data_config.h"
#include "core/project/fix_edit.h"
#include "widgets/bridge/undo_commands.h"

namespace netwright::bridge {

ProjectModel::ProjectModel(QObject* parent) : QObject(parent) {
  connect(&undo_, &QUndoStack::cleanChanged, this, [this](bool clean) { Q_EMIT modifiedChanged(!clean); });
}

void ProjectModel::open(const std::filesystem::path& folder) {
  const std::filesystem::path found = project::projectFolder(folder);
  replace(project::load(found), found);
}

void ProjectModel::create(const std::filesystem::path& folder, const std::string& templateId) {
  replace(project::createProject(folder, templateId), folder);
}

void ProjectModel::save() {
  project::save(project_, folder_);
  undo_.setClean();
}

void ProjectModel::close() { replace({}, {}); }

bool ProjectModel::isModified() const { return !undo_.isClean(); }

void ProjectModel::replace(project::Project project, const std::filesystem::path& folder) {
  project_ = std::move(project);
  folder_ = folder;
  undo_.clear();
  readColumns();
  refresh();
  Q_EMIT projectChanged();
}

QString ProjectModel::apply(const graph::Edit& edit, const QString& mergeKey) {
  if (!isOpen() || edit.empty()) return {};
  graph::Document draft = project_.graph;
  graph::Edit inverse;
  try {
    inverse = graph::apply(draft, edit).inverse;
  } catch (const Error& e) {
    return QString::fromStdString(e.title);
  }
  if (draft != project_.graph) undo_.push(new EditCommand(*this, edit, std::move(inverse), mergeKey));
  return {};
}

QString ProjectModel::applyFix(const Fix& fix) {
  try {
    return apply(project::fixEdit(document(), fix));
  } catch (const Error& e) {
    return QString::fromStdString(e.title);
  }
}

void ProjectModel::setRunConfig(const run::RunConfig& config, const QString& name) {
  if (config == project_.run) return;
  undo_.push(new SettingsCommand(*this, {config, project_.data}, name));
}

void ProjectModel::setDataConfig(const data::DataConfig& config, const QString& name) {
  if (config == project_.data) return;
  undo_.push(new SettingsCommand(*this, {project_.run, config}, name));
}

void ProjectModel::commit(const graph::Edit& edit) {
  const graph::Change change = graph::apply(project_.graph, edit).change;
  if (change.meaning) refresh();
  Q_EMIT documentChanged(change);
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

void ProjectModel::readColumns() {
  columns_.clear();
  dataError_.clear();
  if (!isOpen()) return;
  try {
    columns_ = data::describeData(project_.data, folder_);
  } catch (const Error& e) {
    dataError_ = QString::fromStdString(e.why.empty() ? e.title : e.title + " " + e.why);
  }
}

void ProjectModel::refresh() { prepared_ = isOpen() ? project::prepare(project_, columns_) : project::Prepared{}; }

}  // namespace netwright::bridge
