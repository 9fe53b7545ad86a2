// SPDX-License-Identifier: Apache-2.0
// The engine process seen from outside: starts it, sends commands, hands events on. Used by the command line and the
// window.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/run/message.h"

namespace netwright::run {

// Owns the child process and a reader thread. Sending may be done from any thread. The listener is called on the reader
// thread, once per event and in order; EngineLost is its last event if the process ends without being asked to.
// Throwing: the constructor and request() throw Error{Environment} when the engine cannot be started or dies.
class EngineClient {
 public:
  using Listener = std::function<void(const Event&)>;
  explicit EngineClient(Listener listener = {});  // starts netwright-engine and returns at once
  ~EngineClient();  // closes the pipe: the engine stops its run with a checkpoint and ends; waits for it
  EngineClient(const EngineClient&) = delete;
  EngineClient& operator=(const EngineClient&) = delete;

  int64_t send(CommandBody body, std::vector<NamedTensor> tensors = {});  // returns the command's id
  // Sends and waits for the reply; throws the engine's Error if it is one. Never from a GUI thread.
  struct Answer {
    Reply reply;
    std::vector<NamedTensor> tensors;
  };
  Answer request(CommandBody body, std::vector<NamedTensor> tensors = {});
  void kill();  // SIGKILL, for an engine that hangs
  int64_t pid() const;

 private:
  class Process;
  std::unique_ptr<Process> process_;
};

}  // namespace netwright::run
