// SPDX-License-Identifier: Apache-2.0
// One run from start to end: batches, metrics, records, checkpoints. Owns copies of everything; runs on the caller's
// thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/project/project.h"
#include "core/run/checkpoint.h"
#include "core/run/message.h"
#include "core/store/run_id.h"

namespace netwright::train {

class Loop;

// A stored run that goes on. Without a checkpoint it starts again from its seed, which leads to the same weights.
struct ResumePoint {
  store::RunId run;
  std::string name;
  std::optional<run::Checkpoint> checkpoint;
  std::string path;       // of the checkpoint, relative to the project
  bool newRates = false;  // learning rates are those of the settings, not those of the checkpoint
};

struct SessionOptions {
  std::filesystem::path folder;  // of the project: data paths, runs.sqlite, artifacts
  project::Project project;
  std::string runName;  // empty: chosen by the store
  std::optional<ResumePoint> resume;
};

// States: preparing, running, paused, stepping, stopping, finished, failed. Commands come from any thread and act after
// the current batch (with gradient accumulation, after the current group of batches); stop acts within it and undoes
// it.
class Session {
 public:
  using Listener = std::function<void(run::EventBody)>;  // called on the thread of run()
  Session(SessionOptions options, Listener listener);

  void run();  // returns when the run has ended; errors become the Failed event
  void pause();
  void resume();
  void step(bool wholeEpoch);  // of a paused run: goes on for a batch or to the end of the epoch
  void stop();
  void setLearningRate(size_t objective, double rate);
  void saveCheckpoint();
  void watchNodes(bool on) { watched_ = on; }
  // Runs `task` between two batches on the thread of run(), also while paused; with null once the run has ended.
  void between(std::function<void(Loop*)> task);

 private:
  friend class Loop;
  enum class Wish { Run, Pause, StepBatch, StepEpoch, Stop };
  void wish(Wish wish);
  Wish wished();
  std::vector<std::function<void(Loop*)>> takeTasks();
  void endTasks();  // the run is over: runs what is left, and all that comes, without a loop

  SessionOptions options_;
  Listener listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Wish wish_ = Wish::Run;
  std::vector<std::function<void(Loop*)>> tasks_;
  bool ended_ = false;
  std::atomic<bool> interrupted_ = false;  // there is a wish or a task: all that the loop looks at between batches
  std::atomic<bool> stopping_ = false;     // looked at within a batch
  std::atomic<bool> watched_ = false;      // somebody wants the statistics of nodes
};

}  // namespace netwright::train
