// SPDX-License-Identifier: Apache-2.0
// What a run leaves behind: events to whoever listens, rows in the database. Used by the training loop.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/program/program.h"
#include "core/project/project.h"
#include "core/run/message.h"
#include "core/store/recorder.h"
#include "core/train/session.h"

namespace netwright::train {

// One thread, that of the loop.
class RunLog {
 public:
  explicit RunLog(Session::Listener& listener) : listener_(listener) {}

  void report(run::EventBody event) { listener_(std::move(event)); }
  // Begins or resumes the record. Throws Error{Environment} if the database cannot be written.
  void begin(const SessionOptions& options, const std::string& device);
  store::RunId run() const { return run_; }
  const std::string& name() const { return name_; }

  void state(run::RunState state) { report(run::StateChanged{state}); }
  void point(const std::string& key, const std::string& context, int64_t step, double value);
  // Sends what has gathered if `interval` has passed, or at once.
  void progress(const run::Progress& where, bool atOnce);
  void event(Severity level, const std::string& kind, const std::string& text);
  void status(store::RunStatus status, const std::string& error = {});
  // Puts all points so far on disk: a checkpoint must not be ahead of the record, or a resumed run would lack them.
  void commit();
  void checkpoint(store::CheckpointRecord record);
  void removeCheckpoint(const std::string& path);
  // Of each parameter, once an epoch.
  void histograms(const std::vector<NamedTensor>& weights, const program::Program& program, int64_t step);
  void dataset(store::DatasetRecord record);
  // Ends the record: everything is on disk, or it throws.
  void close(int64_t step, int64_t epoch, store::RunStatus status, const std::string& error);
  // Why rows cannot be written right now.
  std::optional<std::string> failure() const { return recorder_ ? recorder_->failure() : std::nullopt; }
  bool begun() const { return recorder_ != nullptr; }

  void startClock(double secondsBefore);
  double seconds() const;  // since the run began, earlier sittings included, pauses too

 private:
  void sampleSystem(int64_t step);
  using Clock = std::chrono::steady_clock;
  Session::Listener& listener_;
  std::unique_ptr<store::Recorder> recorder_;
  store::RunId run_;
  std::string name_;
  run::Progress gathered_;
  Clock::time_point start_ = Clock::now(), lastReport_{}, lastHeartbeat_{};
  double before_ = 0, lastCpu_ = 0, lastSample_ = 0;
};

}  // namespace netwright::train
