// SPDX-License-Identifier: GPL-3.0-or-later
// One export of a run, away from the GUI thread: checks, writes and proves. Used by the export dialog.
#pragma once

#include <QObject>
#include <stop_token>

#include "core/project/export_run.h"
#include "widgets/bridge/message.h"

namespace netwright::bridge {

// Requests are answered in order; an answer to an older check is dropped when a newer one was asked for.
class ExportJob : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;
  void check(const project::ExportRequest& request);
  void start(const project::ExportRequest& request);
  // Nothing is written if that has not happened yet; else the file stays without its proof. finished() or failed()
  // comes.
  void cancel() { stop_.request_stop(); }
  bool isRunning() const { return running_; }

 Q_SIGNALS:
  void checked(const netwright::Diagnostics& problems);
  void refused(const netwright::bridge::Message& problem);  // the check itself could not be made
  void finished(const netwright::project::ExportOutcome& outcome);
  void failed(const netwright::bridge::Message& problem);

 private:
  int check_ = 0;
  bool running_ = false;
  std::stop_source stop_;
};

}  // namespace netwright::bridge
