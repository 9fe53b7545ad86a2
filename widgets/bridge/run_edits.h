// SPDX-License-Identifier: GPL-3.0-or-later
// What people change about runs of the past: into the trash and back, tags, notes. Everything can be undone.
#pragma once

#include <QObject>
#include <QUndoStack>
#include <QVector>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/store/run_id.h"
#include "widgets/bridge/message.h"

namespace netwright::bridge {

// Writes the database on pool threads, one change after the other. A change that fails empties the undo stack: what is
// left of it may not fit any more.
class RunEdits : public QObject {
  Q_OBJECT

 public:
  using Runs = std::vector<store::RunId>;
  using Change = std::function<void(const std::filesystem::path& database)>;

  explicit RunEdits(QObject* parent = nullptr) : QObject(parent) {}
  void setProject(const std::filesystem::path& folder);  // empty: none
  QUndoStack* undoStack() { return &undo_; }

  void trash(const Runs& runs, const QString& name);
  void restore(const Runs& runs, const QString& name);
  void setTag(store::RunId run, const std::string& key, const std::string& value,
              const std::optional<std::string>& before);
  void removeTag(store::RunId run, const std::string& key, const std::string& before);
  void setNotes(store::RunId run, const std::string& notes, const std::string& before);
  void enqueue(Change change);  // one that cannot be undone

 Q_SIGNALS:
  void changed();  // when all that was asked for is written
  void failed(const netwright::bridge::Message& problem);

 private:
  void push(const QString& name, Change redo, Change undo);
  void next();
  std::filesystem::path folder_;
  QUndoStack undo_;
  std::deque<Change> waiting_;
  bool writing_ = false;
};

}  // namespace netwright::bridge
