// SPDX-License-Identifier: Apache-2.0
#include "core/store/recorder.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <variant>

#include "core/store/metric_log.h"
#include "core/store/process.h"
#include "core/store/run_rows.h"
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
  bool system = false;
};
using RowTask = std::function<void(Connection&)>;
using Item = std::variant<MetricRow, RowTask>;

}  // namespace

// Callers only touch `incoming_` under mutex_. The connection, the log and `tasks_` belong to whoever holds
// connectionMutex_: the writer thread, and beginRun for a moment.
class Recorder::Writer {
 public:
  explicit Writer(const std::filesystem::path& database)
      : connection_(opened(database)),
        file_(fileOf(database)),
        log_(*connection_),
        systemLog_(*connection_, kSystemTables),
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
    truncateRun(*connection_, run, lastStep);
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
  static std::pair<dev_t, ino_t> fileOf(const std::filesystem::path& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 ? std::pair(info.st_dev, info.st_ino) : std::pair<dev_t, ino_t>();
  }

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
        (row->system ? systemLog_ : log_).add(row->run, row->key, row->context, row->point);
      else
        tasks_.push_back(std::move(std::get<RowTask>(item)));
    }
    try {
      if (!log_.empty() || !systemLog_.empty() || !tasks_.empty()) commit();
      // NORMAL synchronous leaves commits in the write-ahead log unsynced; a checkpoint syncs them.
      if (toDisk)
        sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
      return vanished();
    } catch (const std::exception& error) {
      return error.what();
    }
  }

  // Rows written to a file that has been deleted or replaced are lost without SQLite noticing.
  std::optional<std::string> vanished() const {
    if (fileOf(connection_->path()) == file_) return std::nullopt;
    return fmt::format("{} was deleted or replaced while the run was recorded. Put the folder back where it was.",
                       connection_->path().string());
  }

  void commit() {
    Transaction transaction(*connection_, Transaction::Kind::Write);
    for (const RowTask& task : tasks_) task(*connection_);
    log_.write();
    systemLog_.write();
    transaction.commit();
    log_.written();
    systemLog_.written();
    tasks_.clear();
  }

  mutable std::mutex mutex_;
  std::condition_variable wake_, flushed_;
  std::vector<Item> incoming_;
  uint64_t flushesAsked_ = 0, flushesDone_ = 0;
  std::optional<std::string> failure_;

  std::mutex connectionMutex_;
  std::unique_ptr<Connection> connection_;
  const std::pair<dev_t, ino_t> file_;
  MetricLog log_, systemLog_;
  std::vector<RowTask> tasks_;
  std::jthread thread_;  // last: it uses everything above
};

Recorder::Recorder(const std::filesystem::path& database) : writer_(std::make_unique<Writer>(database)) {}
Recorder::~Recorder() = default;

RunId Recorder::beginRun(const RunStart& start) { return writer_->beginRun(start); }
void Recorder::resumeRun(RunId run, int64_t lastStep) { writer_->resumeRun(run, lastStep); }

void Recorder::metric(RunId run, std::string_view key, std::string_view context, int64_t step, double seconds,
                      double value) {
  writer_->push(MetricRow{run, std::string(key), std::string(context), {step, seconds, value}, false});
}

void Recorder::system(RunId run, std::string_view key, int64_t step, double seconds, double value) {
  writer_->push(MetricRow{run, std::string(key), "engine", {step, seconds, value}, true});
}

void Recorder::event(RunId run, Severity level, std::string kind, std::string text) {
  writer_->push([run, row = EventRow{nowMs(), level, std::move(kind), std::move(text)}](Connection& connection) {
    insertEvent(connection, run, row);
  });
}

void Recorder::histogram(RunId run, HistogramRow histogram) {
  writer_->push([run, row = std::move(histogram)](Connection& connection) { insertHistogram(connection, run, row); });
}

void Recorder::dataset(RunId run, DatasetRecord dataset) {
  writer_->push([run, row = std::move(dataset)](Connection& connection) { insertDataset(connection, run, row); });
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
    Statement(connection, "UPDATE runs SET heartbeat_ms = max(start_ms, ?), last_step = ?, last_epoch = ? WHERE id = ?")
        .bind(time, step, epoch, run.value)
        .run();
  });
}

bool Recorder::flush() { return writer_->flush(); }
std::optional<std::string> Recorder::failure() const { return writer_->failure(); }

}  // namespace netwright::store
