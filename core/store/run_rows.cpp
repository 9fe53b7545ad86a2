// SPDX-License-Identifier: Apache-2.0
#include "core/store/run_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/store/process.h"
#include "core/store/sql.h"

namespace netwright::store {
namespace {

std::string newUuid() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

std::string userName() {
  const char* name = std::getenv("USER");
  return name ? name : "";
}

const char* levelName(Severity level) {
  switch (level) {
    case Severity::Error:
      return "error";
    case Severity::Warning:
      return "warning";
    case Severity::Info:
      return "info";
  }
  return "info";
}

int64_t experimentId(Connection& connection, const std::string& name) {
  Statement(connection, "INSERT INTO experiments(uuid, name, created_ms) VALUES(?, ?, ?) ON CONFLICT(name) DO NOTHING")
      .bind(newUuid(), name, nowMs())
      .run();
  Statement find(connection, "SELECT id FROM experiments WHERE name = ?");
  find.bind(name).step();
  return find.integer(0);
}

std::optional<int64_t> graphId(Connection& connection, const std::string& json) {
  if (json.empty()) return std::nullopt;
  const std::string hash = sha256Hex(json);
  Statement(connection, "INSERT INTO graphs(sha256, json, created_ms) VALUES(?, ?, ?) ON CONFLICT(sha256) DO NOTHING")
      .bind(hash, json, nowMs())
      .run();
  Statement find(connection, "SELECT id FROM graphs WHERE sha256 = ?");
  find.bind(hash).step();
  return find.integer(0);
}

// One more than the newest, which costs the same after ten thousand runs; further on if a user has taken that name.
std::string nextName(Connection& connection) {
  Statement newest(connection,
                   "SELECT CAST(substr(name, 5) AS INTEGER) FROM runs NOT INDEXED WHERE name GLOB 'run-[0-9]*' ORDER "
                   "BY id DESC LIMIT 1");
  Statement taken(connection, "SELECT 1 FROM runs WHERE name = ?");
  int64_t number = newest.step() ? newest.integer(0) : 0;
  std::string name;
  do name = fmt::format("run-{}", ++number);
  while (taken.bind(name).step());
  return name;
}

}  // namespace

int64_t nowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// A run's artifacts lie under its name, so no two may share one.
void refuseTakenName(Connection& connection, const std::string& name) {
  Statement taken(connection, "SELECT id, deleted_ms IS NOT NULL FROM runs WHERE name = ?");
  if (name.empty() || !taken.bind(name).step()) return;
  failInput(fmt::format("There is a run '{}' already: id {}{}.", name, taken.integer(0),
                        taken.integer(1) ? ", in the trash" : ""),
            "", "Choose another name, or leave it out.");
}

RunId insertRun(Connection& connection, const RunStart& start) {
  refuseTakenName(connection, start.name);
  const ProcessId process = start.pid ? processWithPid(start.pid) : thisProcess();
  const int64_t now = nowMs();
  Statement(connection,
            "INSERT INTO runs(uuid, experiment_id, name, status, start_ms, parent_run_id, seed, device, user, host, "
            "app_version, "
            "libtorch_version, graph_id, pid, pid_start, heartbeat_ms) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "?, ?, ?)")
      .bind(newUuid(), experimentId(connection, start.experiment),
            start.name.empty() ? nextName(connection) : start.name, name(RunStatus::Running), now,
            start.parent ? std::optional(start.parent.value) : std::nullopt, static_cast<int64_t>(start.seed),
            start.device, userName(), hostName(), start.appVersion, start.libtorchVersion,
            graphId(connection, start.graphJson), process.pid, process.start, now)
      .run();
  const RunId run{connection.lastInsertId()};
  Statement param(connection, "INSERT INTO params(run_id, key, value) VALUES(?, ?, ?)");
  for (const auto& [key, value] : start.params) param.bind(run.value, key, value).run();
  for (const auto& [key, value] : start.tags) setTag(connection, run, key, value);
  return run;
}

int64_t insertArtifact(Connection& connection, RunId run, const ArtifactRecord& artifact, std::optional<int64_t> step) {
  Statement(connection,
            "INSERT INTO artifacts(run_id, path, kind, size, sha256, step, created_ms) VALUES(?, ?, ?, ?, ?, ?, ?)")
      .bind(run.value, artifact.path, artifact.kind, artifact.size, artifact.sha256, step, nowMs())
      .run();
  return connection.lastInsertId();
}

void insertCheckpoint(Connection& connection, RunId run, const CheckpointRecord& checkpoint) {
  const int64_t artifact = insertArtifact(
      connection, run, {"checkpoint", checkpoint.path, checkpoint.size, checkpoint.sha256}, checkpoint.step);
  if (checkpoint.isBest)
    Statement(connection, "UPDATE checkpoints SET is_best = 0 WHERE run_id = ?").bind(run.value).run();
  Statement(connection,
            "INSERT INTO checkpoints(run_id, step, epoch, artifact_id, is_best, value, metric_id, optimizer_state) "
            "VALUES(?, ?, ?, ?, ?, ?, (SELECT id FROM metrics WHERE run_id = ? AND key = ? AND context = ?), 1)")
      .bind(run.value, checkpoint.step, checkpoint.epoch, artifact, checkpoint.isBest, checkpoint.value, run.value,
            checkpoint.metric.first, checkpoint.metric.second)
      .run();
}

void updateStatus(Connection& connection, RunId run, RunStatus status, const std::string& errorText) {
  const bool ended = status != RunStatus::Running && status != RunStatus::Paused;
  // The clock may have been set back meanwhile; a run does not end before it began.
  Statement(connection,
            "UPDATE runs SET status = ?, error_text = ?, end_ms = max(start_ms, ?), heartbeat_ms = max(start_ms, ?) "
            "WHERE id = ?")
      .bind(name(status), errorText, ended ? std::optional(nowMs()) : std::nullopt, nowMs(), run.value)
      .run();
}

void insertEvent(Connection& connection, RunId run, const EventRow& event) {
  Statement(connection, "INSERT INTO events(run_id, t, level, kind, text) VALUES(?, ?, ?, ?, ?)")
      .bind(run.value, event.timeMs, levelName(event.level), event.kind, event.text)
      .run();
}

void setTag(Connection& connection, RunId run, const std::string& key, const std::string& value) {
  Statement(connection,
            "INSERT INTO tags(run_id, key, value) VALUES(?, ?, ?) ON CONFLICT(run_id, key) DO UPDATE SET value = "
            "excluded.value")
      .bind(run.value, key, value)
      .run();
}

void insertDataset(Connection& connection, RunId run, const DatasetRecord& d) {
  Statement(
      connection,
      "INSERT INTO datasets(name, uri, digest, schema, profile, created_ms) VALUES(?, ?, ?, ?, nullif(?, ''), ?) ON "
      "CONFLICT(digest, name, uri) DO UPDATE SET profile = coalesce(profile, excluded.profile)")
      .bind(d.name, d.uri, d.digest, d.schema, d.profile, nowMs())
      .run();
  Statement find(connection, "SELECT id FROM datasets WHERE digest = ? AND name = ? AND uri = ?");
  find.bind(d.digest, d.name, d.uri).step();
  const int64_t id = find.integer(0);
  find.reset();
  Statement(connection,
            "INSERT INTO run_datasets(run_id, dataset_id, role, samples, fitted) VALUES(?, ?, ?, ?, ?) ON CONFLICT("
            "run_id, role) DO UPDATE SET dataset_id = excluded.dataset_id, samples = excluded.samples, fitted = "
            "excluded.fitted")
      .bind(run.value, id, d.role, d.samples, d.fitted)
      .run();
}

void insertHistogram(Connection& connection, RunId run, const HistogramRow& h) {
  Statement(connection, "INSERT INTO histograms(run_id, key, step, t, n, edges, counts) VALUES(?, ?, ?, ?, ?, ?, ?)")
      .bind(run.value, h.key, h.step, h.seconds, static_cast<int64_t>(h.counts.size()),
            std::as_bytes(std::span(h.edges)), std::as_bytes(std::span(h.counts)))
      .run();
}

}  // namespace netwright::store
