// SPDX-License-Identifier: Apache-2.0
// The read side of a project's run database. Used by the run table, charts, the command line and resuming.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/store/run_id.h"
#include "core/store/run_status.h"

namespace netwright::store {

struct HistogramRow;  // core/store/recorder.h

enum class Goal { Minimise, Maximise };

struct MetricSummary {
  std::string key, context;
  Goal goal = Goal::Minimise;
  int64_t count = 0;
  int64_t lastStep = 0;
  double last = 0;
  // Absent while every value was NaN.
  struct Extreme {
    int64_t step = 0;
    double value = 0;
  };
  std::optional<Extreme> min, max;
  const std::optional<Extreme>& best() const { return goal == Goal::Minimise ? min : max; }
};

struct RunSummary {
  RunId id;
  std::string uuid, name, experiment;
  RunStatus status = RunStatus::Running;
  int64_t startMs = 0;           // since 1970
  std::optional<int64_t> endMs;  // absent while it runs
  int64_t steps = 0, epochs = 0;
  uint64_t seed = 0;
  std::string device, appVersion, libtorchVersion, errorText;
  int64_t pid = 0;
  RunId parent;
  std::vector<MetricSummary> metrics;
  // What it is judged by: the accuracy on validation samples, else the first other metric on them that is no loss, else
  // the loss on them or on the training samples. Null while there are no points.
  const MetricSummary* result() const;
  // Null if there is no such metric.
  const MetricSummary* metric(const std::string& key, const std::string& context) const;
};

struct Series {  // one entry per point, in the order recorded
  std::vector<int64_t> steps;
  std::vector<double> seconds, values;
  size_t size() const { return steps.size(); }
};

struct CheckpointSummary {
  int64_t id = 0, step = 0, epoch = 0;
  std::string path;  // relative to the project folder
  int64_t size = 0;
  std::string sha256;
  bool isBest = false;
  std::optional<double> value;
};

struct DatasetUse {
  std::string role, name, uri, digest, schema, fitted, profile;  // the last two: empty where there is none
  int64_t samples = 0;
};

struct NoteRow {
  int64_t id = 0, timeMs = 0;
  std::string text;
};

struct DiskUse {
  int64_t records = 0;  // bytes of its points in the database
  int64_t files = 0;    // bytes of its files, as recorded
  int64_t total() const { return records + files; }
};

struct EventRow {
  int64_t timeMs = 0;  // since 1970
  Severity level = Severity::Info;
  std::string kind, text;
};

// Opens the file at the first question and never creates it: a project without runs answers with empty lists. Sees rows
// as soon as a recorder has committed them. A file of an older format is brought up to date first, or read through a
// copy where it cannot be written. One thread at a time. Throws Error: newer format, damaged file.
class Database {
 public:
  explicit Database(std::filesystem::path database);
  ~Database();

  enum class Which { Kept, Trashed };
  std::vector<RunSummary> runs(Which which = Which::Kept);  // oldest first
  // Of the runs that are not in the trash. ref: a number, a name (the newest run of that name) or "latest".
  std::optional<RunSummary> findRun(const std::string& ref, Which which = Which::Kept);
  std::vector<std::pair<std::string, std::string>> params(RunId run);
  // (key, context) in the order of their first points.
  std::vector<std::pair<std::string, std::string>> metricKeys(RunId run);
  Series series(RunId run, const std::string& key, const std::string& context);
  std::vector<CheckpointSummary> checkpoints(RunId run);  // oldest first
  std::string graphJson(RunId run);                       // empty if none was recorded
  std::vector<EventRow> events(RunId run);
  // (key, value), by key.
  std::vector<std::pair<std::string, std::string>> tags(RunId run);
  std::map<RunId, std::vector<std::pair<std::string, std::string>>> allTags();
  std::vector<NoteRow> notes(RunId run);           // oldest first
  std::vector<DatasetUse> datasets(RunId run);     // by role
  std::vector<std::string> systemKeys(RunId run);  // in the order of their first points
  Series systemSeries(RunId run, const std::string& key);
  std::vector<std::string> histogramKeys(RunId run);                        // sorted
  std::vector<HistogramRow> histograms(RunId run, const std::string& key);  // in the order recorded
  // Of each run that has any, the trashed ones included.
  std::map<RunId, DiskUse> diskUse();

  // Marks as lost the runs of this machine that should be running or paused but whose process is gone. Returns them.
  std::vector<RunId> markLostRuns();

 private:
  class Reader;
  Reader* reader();  // null while there is no file
  std::filesystem::path path_;
  std::unique_ptr<Reader> reader_;
};

}  // namespace netwright::store
