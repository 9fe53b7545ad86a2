// SPDX-License-Identifier: Apache-2.0
#include "core/store/reader.h"

#include <algorithm>

namespace netwright::store {
namespace {

constexpr const char* kRunColumns =
    "SELECT r.id, r.uuid, r.name, e.name, r.status, r.start_ms, r.end_ms, r.last_step, r.last_epoch, r.seed, r.device, "
    "r.app_version, r.libtorch_version, r.error_text, r.pid, r.parent_run_id FROM runs r JOIN experiments e ON e.id = "
    "r.experiment_id ";
constexpr const char* kMetricColumns =
    "SELECT run_id, key, context, goal, n, last_step, last_value, min_step, min_value, max_step, max_value FROM "
    "metrics ";

RunSummary readRun(const Statement& row) {
  RunSummary run;
  run.id = {row.integer(0)};
  run.uuid = row.text(1);
  run.name = row.text(2);
  run.experiment = row.text(3);
  run.status = runStatusFromName(row.text(4)).value_or(RunStatus::Lost);
  run.startMs = row.integer(5);
  if (!row.isNull(6)) run.endMs = row.integer(6);
  run.steps = row.integer(7);
  run.epochs = row.integer(8);
  run.seed = static_cast<uint64_t>(row.integer(9));
  run.device = row.text(10);
  run.appVersion = row.text(11);
  run.libtorchVersion = row.text(12);
  run.errorText = row.text(13);
  run.pid = row.integer(14);
  run.parent = {row.integer(15)};
  return run;
}

MetricSummary readMetric(const Statement& row) {
  MetricSummary metric;
  metric.key = row.text(1);
  metric.context = row.text(2);
  metric.goal = row.text(3) == "max" ? Goal::Maximise : Goal::Minimise;
  metric.count = row.integer(4);
  metric.lastStep = row.integer(5);
  metric.last = row.real(6);
  if (!row.isNull(8)) metric.min = {row.integer(7), row.real(8)};
  if (!row.isNull(10)) metric.max = {row.integer(9), row.real(10)};
  return metric;
}

}  // namespace

Database::Reader::Reader(const std::filesystem::path& path)
    : connection_(std::make_unique<Connection>(path, Connection::Mode::Read)) {
  if (!isOlderFormat(*connection_)) return;
  if (!connection_->isWritable()) {
    connection_ = migratedCopy(*connection_);
    return;
  }
  Connection writer(path, Connection::Mode::Write);
  prepareForWriting(writer);
}

std::string Database::Reader::runQuery() { return kRunColumns; }

std::vector<RunSummary> Database::Reader::readRuns(Statement& rows) {
  std::vector<RunSummary> runs;
  while (rows.step()) runs.push_back(readRun(rows));
  std::sort(runs.begin(), runs.end(), [](const RunSummary& a, const RunSummary& b) { return a.id < b.id; });
  readMetrics(runs);
  return runs;
}

// One query for all runs; one by one, ten thousand runs would take seconds.
void Database::Reader::readMetrics(std::vector<RunSummary>& runs) {
  if (runs.empty()) return;
  Statement rows(*connection_, std::string(kMetricColumns) + "WHERE run_id BETWEEN ? AND ? ORDER BY run_id, id");
  rows.bind(runs.front().id.value, runs.back().id.value);
  auto run = runs.begin();
  while (rows.step()) {
    const RunId id{rows.integer(0)};
    while (run != runs.end() && run->id < id) ++run;
    if (run != runs.end() && run->id == id) run->metrics.push_back(readMetric(rows));
  }
}

}  // namespace netwright::store
