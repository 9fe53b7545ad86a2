// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the unsaved edits of the open project where the next start finds them if this window is killed.
#pragma once

#include <QDateTime>
#include <QObject>
#include <QThreadPool>
#include <filesystem>

#include "widgets/bridge/message.h"

namespace netwright::bridge {

class ProjectModel;

// After each step of the undo stack the project is written by a thread of its own. The next step waits for that write,
// so that whoever is killed loses the last edit at most. Saving takes the file away; so does discard(). The destructor
// leaves it: edits that nobody saved or gave up stay.
class Autosave : public QObject {
  Q_OBJECT

 public:
  explicit Autosave(ProjectModel* model);
  ~Autosave() override;
  void discard();                                      // the edits are given up, as somebody has said
  int edits() const { return edits_; }                 // kept and not saved
  const QDateTime& keptAt() const { return keptAt_; }  // invalid while nothing is kept
  const Message& problem() const { return problem_; }  // why they cannot be kept; empty if they are
  const std::filesystem::path& file() const { return file_; }
  void flush();                                        // waits for the write that is going on

 Q_SIGNALS:
  void changed();

 private:
  void note();
  void forget();
  ProjectModel* model_;
  std::filesystem::path file_;
  QThreadPool writer_;  // one thread: writes are in order
  int edits_ = 0;
  QDateTime keptAt_;
  Message problem_;
};

}  // namespace netwright::bridge
