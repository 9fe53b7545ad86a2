// SPDX-License-Identifier: Apache-2.0
// The write side of a project's run database (runs.sqlite). Used by the engine while it trains.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/store/run_id.h"
#include "core/store/run_status.h"

namespace netwright::store {

struct RunStart {
  std::string name;  // empty: "run-1", "run-2", ...
  std::string experiment = "default";
  uint64_t seed = 0;
  std::string device;
  std::vector<std::pair<std::string, std::string>> params, tags;
  std::string graphJson;  // stored once however many runs share it; may be empty
  std::string appVersion, libtorchVersion;
  int64_t pid = 0;  // the process that trains; 0: this one
  RunId parent;
};

struct ArtifactRecord {
  std::string kind;  // "checkpoint", "export", "log"
  std::string path;  // relative to the project folder
  int64_t size = 0;
  std::string sha256;
};

struct CheckpointRecord {
  int64_t step = 0, epoch = 0;
  std::string path;  // relative to the project folder
  int64_t size = 0;
  std::string sha256;
  bool isBest = false;                         // takes the mark from the run's former best
  std::optional<double> value;                 // of the metric that decides what is best
  std::pair<std::string, std::string> metric;  // which one: key and context; empty if there is none
};

struct DatasetRecord {
  std::string role;  // "train", "val", "test"
  std::string name, uri;
  std::string digest;  // SHA-256 of the samples; equal data has an equal digest
  std::string schema;  // columns as JSON
  int64_t samples = 0;
  std::optional<std::string> fitted;  // what transforms learnt from these samples, as JSON
  std::string profile = {};  // ranges, means and counts of classes, as JSON; of the first that records this data
};

struct HistogramRow {
  std::string key;  // "fc1.weight"
  int64_t step = 0;
  double seconds = 0;
  std::vector<double> edges;    // one more than counts, rising
  std::vector<int64_t> counts;  // samples in [edges[i], edges[i + 1])
};

// Every call but beginRun and flush only enqueues, by value, and returns at once; one writer thread commits after 150
// ms or 1,000 points. Calls may come from any thread. Many recorders, in many processes, may share a file; a run has
// one recorder at a time. Committed rows survive the death of the process. The destructor flushes.
class Recorder {
 public:
  // Creates the file where needed. Throws Error: newer format, damaged file, folder that cannot be written.
  explicit Recorder(const std::filesystem::path& database);
  ~Recorder();

  // Written when it returns. Throws Error{Environment}.
  RunId beginRun(const RunStart& start);

  // Goes on with a run that has ended or was lost: it is this process's and running again, and its points after
  // `lastStep` are taken away. Written when it returns. Throws Error{Environment}.
  void resumeRun(RunId run, int64_t lastStep);

  // context: "train", "val" or "test"; seconds: since the run began. NaN and Inf are kept.
  void metric(RunId run, std::string_view key, std::string_view context, int64_t step, double seconds, double value);
  // Load of the machine: "cpu_percent", "memory_bytes". Kept apart from the metrics.
  void system(RunId run, std::string_view key, int64_t step, double seconds, double value);
  void histogram(RunId run, HistogramRow histogram);
  // One for each role; a later one of the same role replaces it.
  void dataset(RunId run, DatasetRecord dataset);
  void event(RunId run, Severity level, std::string kind, std::string text);
  // Any state but Running and Paused ends the run.
  void setStatus(RunId run, RunStatus status, std::string errorText = {});
  void artifact(RunId run, ArtifactRecord artifact);
  void checkpoint(RunId run, CheckpointRecord checkpoint);
  // Forgets a checkpoint whose file is about to be deleted.
  void removeCheckpoint(RunId run, std::string path);
  // How far the run is, and that it lives.
  void heartbeat(RunId run, int64_t step, int64_t epoch);

  // Waits until all earlier calls are on disk, a power cut included. False if that failed: see failure().
  bool flush();
  // Why rows could not be written (disk full, ...). They are kept and tried again; nullopt once they are written.
  std::optional<std::string> failure() const;

 private:
  class Writer;
  std::unique_ptr<Writer> writer_;
};

}  // namespace netwright::store
