// SPDX-License-Identifier: Apache-2.0
#include "core/train/resume.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/project/settle.h"
#include "core/project/stored_run.h"
#include "core/store/database.h"

namespace netwright::train {

SessionOptions resumeOptions(const run::ResumeRun& wanted) {
  store::Database database(project::databaseFile(wanted.project));
  database.markLostRuns();
  const store::RunSummary summary = project::findRun(wanted.project, wanted.run);
  if (summary.status == store::RunStatus::Running || summary.status == store::RunStatus::Paused)
    failInput(fmt::format("The run '{}' is still training.", summary.name),
              fmt::format("Its process is {}.", summary.pid), "Stop it first, or wait for its end.");
  SessionOptions options{
      wanted.project,
      project::fromText(database.graphJson(summary.id), fmt::format("The record of run '{}'", summary.name)), "",
      ResumePoint{summary.id, summary.name, {}, "", false}};
  const auto before = project::settledRun(options.project).objectives;
  for (const auto& [name, text] : wanted.overrides) project::setByName(options.project, name, text);
  const run::RunConfig now = project::settledRun(options.project);
  options.resume->newRates = now.objectives != before;
  auto newest = project::newestCheckpoint(wanted.project, summary.name);
  if (!newest) return options;
  const run::Position& position = newest->checkpoint.position;
  if (position.epochDone && position.epoch >= now.epochs)
    failInput(fmt::format("The run '{}' has finished its {} epochs.", summary.name, position.epoch), "",
              fmt::format("Let it go on with more: --epochs {}.", position.epoch + 5));
  options.resume->checkpoint = std::move(newest->checkpoint);
  options.resume->path = std::move(newest->path);
  return options;
}

}  // namespace netwright::train
