// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/export_job.h"

#include "widgets/bridge/background.h"

namespace netwright::bridge {

void ExportJob::check(const project::ExportRequest& request) {
  const int number = ++check_;
  inBackground(
      this, [request] { return project::checkExport(request); },
      [this, number](const Diagnostics& problems) {
        if (number == check_) Q_EMIT checked(problems);
      },
      [this, number](const Message& problem) {
        if (number == check_) Q_EMIT refused(problem);
      });
}

void ExportJob::start(const project::ExportRequest& request) {
  if (running_) return;
  running_ = true;
  stop_ = {};
  inBackground(
      this,
      [request, stop = stop_.get_token()] {
        run::EngineClient engine;
        return project::exportRun(request, engine, stop);
      },
      [this](const project::ExportOutcome& outcome) {
        running_ = false;
        Q_EMIT finished(outcome);
      },
      [this](const Message& problem) {
        running_ = false;
        Q_EMIT failed(problem);
      });
}

}  // namespace netwright::bridge
