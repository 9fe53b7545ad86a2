// SPDX-License-Identifier: Apache-2.0
// The engine process seen from outside: starts it or attaches to it, sends commands, hands events on. Used by the
// command line and the window.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/run/message.h"

namespace netwright::run {

struct ClientOptions {
  std::string role = "control";  // or "observe"
  // An engine that has said nothing for so long, asked several times, is told as silent. 0: NETWRIGHT_ENGINE_TIMEOUT
  // (seconds), else 30 s.
  std::chrono::milliseconds patience{0};
};

// Owns the connection, a thread for it and, unless attached, the child process. Sending may be done from any thread and
// never waits for the engine. The listener is called on that thread, once per event and in order. EngineSilent comes
// when the engine does not answer (it may be ended by kill()), and again with 0 when it does. EngineLost is the last
// event if the engine ends without being asked to. Throwing: the constructors and request() throw Error{Environment}
// when the engine cannot be started or reached, dies, is silent or speaks another version of the protocol.
class EngineClient {
 public:
  using Listener = std::function<void(const Event&)>;
  explicit EngineClient(Listener listener = {}, ClientOptions options = {});  // starts netwright-engine
  // Of an engine that goes already. Events come after Attach.
  EngineClient(const std::filesystem::path& socket, Listener listener, ClientOptions options = {});
  // Of a started engine: closes the pipe; the engine stops a run that is not to be kept with a checkpoint and ends;
  // waits for that, or kills it if it is silent: at once if it was before, else after four times the patience.
  ~EngineClient();
  EngineClient(const EngineClient&) = delete;
  EngineClient& operator=(const EngineClient&) = delete;

  int64_t send(CommandBody body, std::vector<NamedTensor> tensors = {});  // returns the command's id
  // Sends and waits for the reply; throws the engine's Error if it is one. Never from a GUI thread.
  struct Answer {
    Reply reply;
    std::vector<NamedTensor> tensors;
  };
  Answer request(CommandBody body, std::vector<NamedTensor> tensors = {});
  void letGo();         // a started engine goes on by itself with a run that is to be kept; no event comes any more
  void kill();          // SIGKILL, for an engine that hangs
  int64_t pid() const;  // 0 until an engine that was not started here has said hello

 private:
  class Link;
  std::unique_ptr<Link> link_;
};

}  // namespace netwright::run
