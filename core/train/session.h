// SPDX-License-Identifier: Apache-2.0
// One run from start to end: batches, metrics, records, checkpoints. Owns copies of everything; runs on the caller's
// thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

#include "core/project/project.h"
#include "core/run/message.h"

namespace netwright::train {

struct SessionOptions {
  std::filesystem::path folder;  // of the project: data paths, runs.sqlite, artifacts
  project::Project project;
  std::string runName;  // empty: chosen by the store
};

// States: preparing, running, paused, stopping, finished, failed. Commands come from any thread and act after the
// current batch.
class Session {
 public:
  using Listener = std::function<void(run::EventBody)>;  // called on the thread of run()
  Session(SessionOptions options, Listener listener);

  void run();  // returns when the run has ended; errors become the Failed event
  void pause();
  void resume();
  void stop();

 private:
  enum class Wish { Run, Pause, Stop };
  class Loop;
  void wish(Wish wish);
  Wish wished();
  SessionOptions options_;
  Listener listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Wish wish_ = Wish::Run;
  std::atomic<bool> interrupted_ = false;  // wish_ is not Run: the loop looks only at this between batches
};

}  // namespace netwright::train
