// SPDX-License-Identifier: Apache-2.0
// The engine's side of the protocol without what it computes: clients, handshake, who steers, numbers of events, slow
// readers. Used by the engine's server; torch-free.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/run/board.h"
#include "core/run/message.h"

namespace netwright::run {

using ClientId = int64_t;

// One thread (serve) reads from and writes to all clients and never waits for one of them; broadcast() and reply() come
// from any thread and only put bytes into outboxes. Garbage, a frame over the limit or a command before the handshake
// closes that client alone.
//
// The starter is the client on the two pipes: it hears all events from the first on. Others come by the socket and hear
// events once they attach. One client steers (the first that says hello with the role "control"); commands that steer
// are refused to the others until they take control. When it leaves, the next such command takes it.
//
// A client that does not read loses points: past 1 MiB in its outbox the newest Progress stands for all, without
// points. States are never dropped; past 32 MiB the client is closed instead, and may attach again.
class Hub {
 public:
  struct Listener {
    std::function<void(ClientId, Command)> command;  // for the engine: neither handshake, attach, control nor ping
    std::function<void()> looked;                    // after each turn of serve(); may call end()
  };
  Hub(Hello hello, Listener listener);
  ~Hub();
  Hub(const Hub&) = delete;

  void addStarter(int input, int output);  // owns neither
  void listen(int socket);                 // takes ownership
  // Returns after end(), when the outboxes are empty or two seconds have passed. False if the starter sent garbage.
  bool serve();
  void end();
  void wake();  // one more turn of serve(); may be called from a signal handler

  void begin(const std::string& project, bool keep);
  void setHistory(std::vector<SeriesCount> points);
  void broadcast(EventBody event);
  void reply(ClientId client, Reply reply, std::vector<NamedTensor> tensors = {});

  bool hasStarter() const;  // until its input ends
  size_t clients() const;   // that have said hello
  RunState state() const;

 private:
  struct Client;
  Client* find(ClientId id);
  void send(Client& client, EventBody event, std::vector<NamedTensor> tensors = {});
  void accept();
  void read(ClientId id);
  void close(Client& client);
  void sweep();
  bool take(Client& client, Command command);
  std::optional<Reply> answered(Client& client, const Command& command);
  bool greet(Client& client, const Command& command);
  bool maySteer(Client& client);
  void giveControl(ClientId to);
  Snapshot snapshot() const;

  const Hello hello_;
  const Listener listener_;
  mutable std::mutex mutex_;
  Board board_;
  int64_t number_ = 0;
  ClientId lastClient_ = 0, controller_ = 0;
  std::vector<std::unique_ptr<Client>> clients_;
  int socket_ = -1, wake_ = -1;
  bool ending_ = false, garbage_ = false;
};

}  // namespace netwright::run
