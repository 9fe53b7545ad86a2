// SPDX-License-Identifier: Apache-2.0

#include "core/train/run_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/engine/process.h"
#include "core/project/settle.h"
#include "core/store/database.h"
#include "core/store/process.h"
#include "core/train/weight_histogram.h"

namespace netwright::train {
namespace {

constexpr std::chrono::milliseconds kReportInterval{100};
constexpr std::chrono::seconds kHeartbeat{2};

std::vector<std::pair<std::string, std::string>> recordedParams(const project::Project& project) {
  std::vector<std::pair<std::string, std::string>> params;
  for (const ParamSpec& p : run::runParams()) params.emplace_back(p.name, toText(run::runParam(project.run, p.name)));
  for (size_t i = 0; i < project.run.objectives.size(); ++i) {
    const run::Objective& o = project.run.objectives[i];
    const std::string prefix = i == 0 ? "" : fmt::format("objective{}.", i);
    params.emplace_back(prefix + "optimiser", o.optimiser.kind);
    for (const auto& [name, value] : run::completeParams(o.optimiser))
      params.emplace_back(prefix + "optimiser." + name, toText(value));
    params.emplace_back(prefix + "schedule", o.schedule.kind);
    if (!o.schedule.parts.empty()) params.emplace_back(prefix + "schedule.parts", run::partsText(o.schedule));
    for (const auto& [name, value] : run::completeParams(o.schedule))
      params.emplace_back(prefix + "schedule." + name, toText(value));
    if (o.clipNorm > 0) params.emplace_back(prefix + "clip_norm", fmt::format("{}", o.clipNorm));
    if (o.clipValue > 0) params.emplace_back(prefix + "clip_value", fmt::format("{}", o.clipValue));
    if (o.accumulate > 1) params.emplace_back(prefix + "accumulate", std::to_string(o.accumulate));
    for (const run::LossTerm& t : o.terms) params.emplace_back(prefix + "loss", t.loss);
  }
  return params;
}

}  // namespace

void RunLog::begin(const SessionOptions& options, const std::string& device) {
  const auto database = project::databaseFile(options.folder);
  recorder_ = std::make_unique<store::Recorder>(database);
  if (options.resume) {
    run_ = options.resume->run;
    name_ = options.resume->name;
    return recorder_->resumeRun(run_, options.resume->checkpoint ? options.resume->checkpoint->position.step : 0);
  }
  store::RunStart start;
  start.name = options.runName;
  start.seed = project::settledRun(options.project).seed;
  start.device = device;
  start.params = recordedParams(project::settled(options.project));
  start.graphJson = project::toText(options.project);
  start.appVersion = NETWRIGHT_VERSION;
  start.libtorchVersion = engine::libtorchVersion();
  constexpr std::string_view kOfRun = "run:";
  if (const std::string& from = options.project.run.start; from.starts_with(kOfRun))
    if (const auto parent = store::Database(database).findRun(from.substr(kOfRun.size()))) start.parent = parent->id;
  run_ = recorder_->beginRun(start);
  name_ = store::Database(database).findRun(std::to_string(run_.value)).value().name;
}

void RunLog::startClock(double secondsBefore) {
  start_ = Clock::now();
  before_ = secondsBefore;
  lastCpu_ = store::processLoad().cpuSeconds;
  lastSample_ = secondsBefore;
}

double RunLog::seconds() const { return before_ + std::chrono::duration<double>(Clock::now() - start_).count(); }

void RunLog::point(const std::string& key, const std::string& context, int64_t step, double value) {
  const double at = seconds();
  recorder_->metric(run_, key, context, step, at, value);
  gathered_.points.push_back({key, context, step, at, value});
}

void RunLog::progress(const run::Progress& where, bool atOnce) {
  if (!recorder_) return;
  const auto now = Clock::now();
  if (!atOnce && now - lastReport_ < kReportInterval) return;
  lastReport_ = now;
  if (now - lastHeartbeat_ >= kHeartbeat) {
    lastHeartbeat_ = now;
    recorder_->heartbeat(run_, where.step, where.epoch);
    sampleSystem(where.step);
  }
  run::Progress all = where;
  all.points = std::move(gathered_.points);
  gathered_.points.clear();
  report(std::move(all));
}

// The share of the processor since the last sample (100 % is one core) and the memory now.
void RunLog::sampleSystem(int64_t step) {
  const store::ProcessLoad load = store::processLoad();
  const double now = seconds();
  if (now > lastSample_)
    recorder_->system(run_, "cpu_percent", step, now, 100 * (load.cpuSeconds - lastCpu_) / (now - lastSample_));
  recorder_->system(run_, "memory_bytes", step, now, static_cast<double>(load.residentBytes));
  lastCpu_ = load.cpuSeconds;
  lastSample_ = now;
}

void RunLog::event(Severity level, const std::string& kind, const std::string& text) {
  if (recorder_) recorder_->event(run_, level, kind, text);
}

void RunLog::status(store::RunStatus status, const std::string& error) {
  if (recorder_) recorder_->setStatus(run_, status, error);
}

void RunLog::commit() {
  if (recorder_) recorder_->flush();  // why it failed is told by failure()
}

void RunLog::checkpoint(store::CheckpointRecord record) { recorder_->checkpoint(run_, std::move(record)); }
void RunLog::dataset(store::DatasetRecord record) { recorder_->dataset(run_, std::move(record)); }
void RunLog::histograms(const std::vector<NamedTensor>& weights, const program::Program& program, int64_t step) {
  for (const program::State& s : program.states) {
    if (s.kind != program::StateKind::Parameter) continue;
    const auto weight =
        std::find_if(weights.begin(), weights.end(), [&](const NamedTensor& t) { return t.name == s.name; });
    if (weight == weights.end()) continue;
    if (auto row = weightHistogram(*weight, step, seconds())) recorder_->histogram(run_, std::move(*row));
  }
}
void RunLog::removeCheckpoint(const std::string& path) { recorder_->removeCheckpoint(run_, path); }

void RunLog::close(int64_t step, int64_t epoch, store::RunStatus status, const std::string& error) {
  if (!recorder_) return;
  recorder_->heartbeat(run_, step, epoch);
  recorder_->setStatus(run_, status, error);
  recorder_->flush();
  if (const auto problem = recorder_->failure())
    failEnvironment("The run could not be recorded to its end.", *problem,
                    "Free some disk space; the weights are in the run's artifacts.");
}

}  // namespace netwright::train
