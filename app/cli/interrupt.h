// SPDX-License-Identifier: Apache-2.0
// Ctrl+C as a stop, for commands that have started other programs. One at a time.
#pragma once

#include <stop_token>
#include <thread>

namespace netwright::cli {

// While it lives, SIGINT, SIGTERM and SIGHUP request the stop; the second of a kind ends the process.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  int pipe_[2] = {-1, -1};
  std::thread waiter_;
};

}  // namespace netwright::cli
