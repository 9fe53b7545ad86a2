// SPDX-License-Identifier: Apache-2.0
#include "core/store/recorder.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <random>
#include <thread>
#include <variant>

#include "core/base/file.h"
#include "core/store/metric_log.h"
#include "core/store/process.h"
#include "core/store/schema.h"
#include "core/store/sql.h"
#include "core/store/truncate.h"

namespace netwright::store {
namespace {

constexpr std::chrono::milliseconds kCommitInterval{150};
constexpr size_t kCommitPoints = 1000;

struct MetricRow {
  RunId run;
  std::string key, context;
  MetricPoint point;
};
using RowTask = std::function<void(Connection&)>;
using Item = std::variant<MetricRow, RowTask>;

int64_t nowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

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

RunId insertRun(Connection& connection, const RunStart& start) {
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
            "INSERT INTO checkpoints(run_id, step, epoch, artifact_id, is_best, value) VALUES(?, ?, ?, ?, ?, ?)")
      .bind(run.value, checkpoint.step, checkpoint.epoch, artifact, checkpoint.isBest, checkpoint.value)
      .run();
}

void updateStatus(Connection& connection, RunId run, RunStatus status, const std::string& errorText) {
  const bool ended = status != RunStatus::Running && status != RunStatus::Paused;
  Statement(connection, "UPDATE runs SET status = ?, error_text = ?, end_ms = ?, heartbeat_ms = ? WHERE id = ?")
      .bind(name(status), errorText, ended ? std::optional(nowMs()) : std::nullopt, nowMs(), run.value)
      .run();
}

}  // namespace

// Callers only touch `incoming_` under mutex_. The connection, the log and `tasks_` belong to whoever holds
// connectionMutex_: the writer thread, and beginRun for a moment.
class Recorder::Writer {
 public:
  explicit Writer(const std::filesystem::path& database)
      : connection_(opened(database)),
        log_(*connection_),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}

  ~Writer() {
    {
      const std::lock_guard lock(mutex_);  // or the wake-up could fall between the thread's look and its sleep
      thread_.request_stop();
    }
    wake_.notify_all();
  }

  RunId beginRun(const RunStart& start) {
    const std::lock_guard lock(connectionMutex_);
    Transaction transaction(*connection_, Transaction::Kind::Write);
    const RunId run = insertRun(*connection_, start);
    transaction.commit();
    return run;
  }

  void resumeRun(RunId run, int64_t lastStep) {
    const std::lock_guard lock(connectionMutex_);
    Transaction transaction(*connection_, Transaction::Kind::Write);
    truncateMetrics(*connection_, run, lastStep);
    const ProcessId process = thisProcess();
    Statement(*connection_,
              "UPDATE runs SET status = ?, error_text = NULL, end_ms = NULL, pid = ?, pid_start = ?, host = ?, "
              "heartbeat_ms = ?, last_step = ?, resumed_from_checkpoint_id = (SELECT max(id) FROM checkpoints WHERE "
              "run_id = ?) WHERE id = ?")
        .bind(name(RunStatus::Running), process.pid, process.start, hostName(), nowMs(), lastStep, run.value, run.value)
        .run();
    transaction.commit();
  }

  void push(Item item) {
    bool full = false;
    {
      const std::lock_guard lock(mutex_);
      incoming_.push_back(std::move(item));
      full = incoming_.size() == kCommitPoints;
    }
    if (full) wake_.notify_one();  // waking for each point would cost the caller more than the point
  }

  bool flush() {
    std::unique_lock lock(mutex_);
    const uint64_t wanted = ++flushesAsked_;
    wake_.notify_one();
    flushed_.wait(lock, [&] { return flushesDone_ >= wanted; });
    return !failure_;
  }

  std::optional<std::string> failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
  }

 private:
  static std::unique_ptr<Connection> opened(const std::filesystem::path& database) {
    auto connection = std::make_unique<Connection>(database, Connection::Mode::Write);
    prepareForWriting(*connection);
    return connection;
  }

  void run(const std::stop_token& stop) {
    std::vector<Item> items;
    for (bool last = false; !last;) {
      uint64_t flush = 0;
      {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, kCommitInterval, [&] {
          return stop.stop_requested() || incoming_.size() >= kCommitPoints || flushesAsked_ > flushesDone_;
        });
        last = stop.stop_requested();
        items.swap(incoming_);
        flush = flushesAsked_;
      }
      const std::optional<std::string> failure = save(items, last || flush > flushesDone_);
      items.clear();  // keeps its memory for the next swap
      const std::lock_guard lock(mutex_);
      failure_ = failure;
      flushesDone_ = flush;
      flushed_.notify_all();
    }
  }

  // What could not be written stays in log_ and tasks_ for the next time.
  std::optional<std::string> save(std::vector<Item>& items, bool toDisk) {
    const std::lock_guard lock(connectionMutex_);
    for (Item& item : items) {
      if (auto* row = std::get_if<MetricRow>(&item))
        log_.add(row->run, row->key, row->context, row->point);
      else
        tasks_.push_back(std::move(std::get<RowTask>(item)));
    }
    try {
      if (!log_.empty() || !tasks_.empty()) commit();
      // NORMAL synchronous leaves commits in the write-ahead log unsynced; a checkpoint syncs them.
      if (toDisk)
        sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
      return std::nullopt;
    } catch (const std::exception& error) {
      return error.what();
    }
  }

  void commit() {
    Transaction transaction(*connection_, Transaction::Kind::Write);
    for (const RowTask& task : tasks_) task(*connection_);
    log_.write();
    transaction.commit();
    log_.written();
    tasks_.clear();
  }

  mutable std::mutex mutex_;
  std::condition_variable wake_, flushed_;
  std::vector<Item> incoming_;
  uint64_t flushesAsked_ = 0, flushesDone_ = 0;
  std::optional<std::string> failure_;

  std::mutex connectionMutex_;
  std::unique_ptr<Connection> connection_;
  MetricLog log_;
  std::vector<RowTask> tasks_;
  std::jthread thread_;  // last: it uses everything above
};

Recorder::Recorder(const std::filesystem::path& database) : writer_(std::make_unique<Writer>(database)) {}
Recorder::~Recorder() = default;

RunId Recorder::beginRun(const RunStart& start) { return writer_->beginRun(start); }
void Recorder::resumeRun(RunId run, int64_t lastStep) { writer_->resumeRun(run, lastStep); }

void Recorder::metric(RunId run, std::string_view key, std::string_view context, int64_t step, double seconds,
                      double value) {
  writer_->push(MetricRow{run, std::string(key), std::string(context), {step, seconds, value}});
}

void Recorder::event(RunId run, Severity level, std::string kind, std::string text) {
  writer_->push([=, time = nowMs()](Connection& connection) {
    Statement(connection, "INSERT INTO events(run_id, t, level, kind, text) VALUES(?, ?, ?, ?, ?)")
        .bind(run.value, time, levelName(level), kind, text)
        .run();
  });
}

void Recorder::setStatus(RunId run, RunStatus status, std::string errorText) {
  writer_->push([=](Connection& connection) { updateStatus(connection, run, status, errorText); });
}

void Recorder::artifact(RunId run, ArtifactRecord artifact) {
  writer_->push([=](Connection& connection) { insertArtifact(connection, run, artifact, std::nullopt); });
}

void Recorder::checkpoint(RunId run, CheckpointRecord checkpoint) {
  writer_->push([=](Connection& connection) { insertCheckpoint(connection, run, checkpoint); });
}

void Recorder::removeCheckpoint(RunId run, std::string path) {
  writer_->push([=](Connection& connection) {
    const char* which = "artifact_id IN (SELECT id FROM artifacts WHERE run_id = ? AND path = ?)";
    Statement(connection, fmt::format("DELETE FROM checkpoints WHERE {}", which)).bind(run.value, path).run();
    Statement(connection, "DELETE FROM artifacts WHERE run_id = ? AND path = ?").bind(run.value, path).run();
  });
}

void Recorder::heartbeat(RunId run, int64_t step, int64_t epoch) {
  writer_->push([=, time = nowMs()](Connection& connection) {
    Statement(connection, "UPDATE runs SET heartbeat_ms = ?, last_step = ?, last_epoch = ? WHERE id = ?")
        .bind(time, step, epoch, run.value)
        .run();
  });
}

bool Recorder::flush() { return writer_->flush(); }
std::optional<std::string> Recorder::failure() const { return writer_->failure(); }

}  // namespace netwright::store
