// SPDX-License-Identifier: Apache-2.0
#include "core/run/hub.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/run/outbox.h"
#include "core/run/protocol.h"

namespace netwright::run {
namespace {

constexpr size_t kUnread = 8u << 20, kMostClients = 64;
constexpr std::chrono::seconds kLastWords{2};

// Those that look and change nothing.
bool steers(const CommandBody& body) {
  return !std::holds_alternative<Describe>(body) && !std::holds_alternative<Attach>(body) &&
         !std::holds_alternative<Ping>(body) && !std::holds_alternative<TakeControl>(body) &&
         !std::holds_alternative<Predict>(body) && !std::holds_alternative<WatchNodes>(body);
}

void stopWaitingFor(int fd) {  // terminals are shared with others: left as they are
  struct stat s{};
  if (::fstat(fd, &s) == 0 && (S_ISFIFO(s.st_mode) || S_ISSOCK(s.st_mode)))
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

int64_t residentBytes() {
  std::ifstream file("/proc/self/statm");
  int64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

Reply refusal(int64_t id, std::string what, std::string why, std::string next) {
  Reply reply;
  reply.id = id;
  reply.ok = false;
  reply.what = std::move(what);
  reply.why = std::move(why);
  reply.next = std::move(next);
  reply.inputError = true;
  return reply;
}

Reply consent(int64_t id) {
  Reply reply;
  reply.id = id;
  return reply;
}

}  // namespace

struct Hub::Client {
  ClientId id = 0;
  int in = -1, out = -1;                                                    // the same for a socket; -1: closed
  bool starter = false, greeted = false, follows = false, closing = false;  // closing: when the outbox is empty
  Greeting who;
  FrameReader frames{kGreetingLimits};
  Outbox outbox;
};

Hub::Hub(Hello hello, Listener listener)
    : hello_(std::move(hello)), listener_(std::move(listener)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_ < 0) failEnvironment("The engine could not make an event counter.", "", "Close some programs.");
}

Hub::~Hub() {
  for (const auto& c : clients_) close(*c);
  if (socket_ >= 0) ::close(socket_);
  ::close(wake_);
}

void Hub::addStarter(int input, int output) {
  const std::lock_guard lock(mutex_);
  auto client = std::make_unique<Client>();
  client->id = ++lastClient_;
  client->in = input;
  client->out = output;
  client->starter = client->follows = true;
  stopWaitingFor(input);
  stopWaitingFor(output);
  send(*client, hello_);
  clients_.push_back(std::move(client));
}

void Hub::listen(int socket) {
  stopWaitingFor(socket);
  socket_ = socket;
}

void Hub::wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = ::write(wake_, &one, sizeof one);
}

void Hub::end() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake();
}

bool Hub::serve() {
  std::optional<std::chrono::steady_clock::time_point> deadline;
  for (;;) {
    std::vector<pollfd> fds{{wake_, POLLIN, 0}, {socket_, POLLIN, 0}};
    std::vector<ClientId> readers;
    {
      const std::lock_guard lock(mutex_);
      bool quiet = true;
      for (const auto& c : clients_) {
        quiet = quiet && c->outbox.empty();
        const bool reads = c->in >= 0 && !c->closing && c->outbox.size() < kUnread;
        fds.push_back({reads ? c->in : -1, POLLIN, 0});
        fds.push_back({c->out, static_cast<short>(c->outbox.empty() ? 0 : POLLOUT), 0});
        readers.push_back(c->id);
      }
      if (ending_ && !deadline) deadline = std::chrono::steady_clock::now() + kLastWords;
      if (deadline && (quiet || std::chrono::steady_clock::now() > *deadline)) return !garbage_;
    }
    if (::poll(fds.data(), fds.size(), deadline ? 50 : -1) < 0 && errno != EINTR) return false;
    uint64_t woken = 0;
    [[maybe_unused]] const ssize_t n = ::read(wake_, &woken, sizeof woken);
    if (fds[1].revents & POLLIN) accept();
    for (size_t i = 0; i < readers.size(); ++i) {
      if (fds[2 + 2 * i].revents) read(readers[i]);
      const std::lock_guard lock(mutex_);
      if (Client* c = find(readers[i]); c && c->out >= 0 && fds[3 + 2 * i].revents && !c->outbox.writeTo(c->out))
        close(*c);
    }
    sweep();
    if (listener_.looked) listener_.looked();
  }
}

void Hub::accept() {
  const int fd = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  ucred peer{};
  socklen_t size = sizeof peer;
  const std::lock_guard lock(mutex_);
  if (clients_.size() >= kMostClients || ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
      peer.uid != ::geteuid()) {
    ::close(fd);
    return;
  }
  auto client = std::make_unique<Client>();
  client->id = ++lastClient_;
  client->in = client->out = fd;
  send(*client, hello_);
  clients_.push_back(std::move(client));
}

// Frames belong to this thread: they are decoded without the lock.
void Hub::read(ClientId id) {
  Client* client = nullptr;
  {
    const std::lock_guard lock(mutex_);
    client = find(id);
    if (!client || client->in < 0) return;
  }
  char chunk[1 << 16];
  const ssize_t n = ::read(client->in, chunk, sizeof chunk);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n <= 0) {
    const std::lock_guard lock(mutex_);
    client->in = client->starter ? -1 : client->in;  // what it is to hear may still be on its way
    if (!client->starter) close(*client);
    return;
  }
  try {
    client->frames.append({chunk, static_cast<size_t>(n)});
    while (auto frame = client->frames.next())
      if (!take(*client, decodeCommand(*frame))) break;
  } catch (const std::exception& e) {  // no memory for it, too
    const std::lock_guard lock(mutex_);
    const auto* error = dynamic_cast<const Error*>(&e);
    Reply last = refusal(0, error ? error->title : "A message could not be read.", error ? error->why : e.what(),
                         error ? error->next : "");
    last.inputError = false;
    send(*client, std::move(last));
    client->closing = true;
    garbage_ = garbage_ || client->starter;
  }
}

// False: nothing more is read from this client.
bool Hub::take(Client& client, Command command) {
  {
    const std::lock_guard lock(mutex_);
    if (client.closing) return false;
    if (!client.greeted || std::holds_alternative<Greeting>(command.body)) {
      client.closing = !greet(client, command);
      return !client.closing;
    }
    if (std::optional<Reply> reply = answered(client, command)) {
      send(client, std::move(*reply));
      return true;
    }
  }
  listener_.command(client.id, std::move(command));
  return true;
}

// What needs no engine, and what is refused.
std::optional<Reply> Hub::answered(Client& client, const Command& command) {
  if (std::holds_alternative<Ping>(command.body)) return consent(command.id);
  if (std::holds_alternative<TakeControl>(command.body)) {
    giveControl(client.id);
    return consent(command.id);
  }
  if (const auto* attach = std::get_if<Attach>(&command.body)) {
    client.follows = client.follows || attach->follow;
    send(client, snapshot());
    if (client.follows && board_.validation()) send(client, *board_.validation());
    return consent(command.id);
  }
  if (!steers(command.body) || maySteer(client)) return std::nullopt;
  const Client* other = find(controller_);
  return refusal(
      command.id,
      other ? fmt::format("Another program steers this engine: {} (process {}).", other->who.program, other->who.pid)
            : "A client that observes cannot steer.",
      "One client steers at a time; the others observe.", "Take control first.");
}

bool Hub::greet(Client& client, const Command& command) {
  const auto* greeting = std::get_if<Greeting>(&command.body);
  if (!greeting || client.greeted) {
    send(client, refusal(command.id, client.greeted ? "A client says hello once." : "A client has to say hello first.",
                         "", "See docs/protocol.md."));
    return false;
  }
  if (greeting->protocol != kProtocolVersion) {
    send(client, refusal(command.id, versionText(kProtocolVersion, greeting->protocol), "",
                         "Use programs of the same version."));
    return false;
  }
  client.who = *greeting;
  client.greeted = true;
  client.frames.allow({});
  const bool control = client.who.role == "control" && !controller_;
  if (control) controller_ = client.id;
  Reply welcome = consent(command.id);
  welcome.texts["role"] = control ? "control" : "observe";
  send(client, std::move(welcome));
  return true;
}

bool Hub::maySteer(Client& client) {
  if (!controller_ && client.who.role == "control") giveControl(client.id);
  return controller_ == client.id;
}

void Hub::giveControl(ClientId to) {
  if (controller_ == to) return;
  controller_ = to;
  const Client* now = find(to);
  for (const auto& c : clients_)
    if (c->greeted && c->follows)
      send(*c, ControlChanged{c.get() == now, now ? now->who.program : "", now ? now->who.pid : 0});
}

Snapshot Hub::snapshot() const {
  Snapshot s = board_.now();
  for (const auto& c : clients_) {
    s.clients += c->greeted;
    if (c->id == controller_) s.controller = c->who.program, s.controllerPid = c->who.pid;
  }
  s.memory = residentBytes();
  return s;
}

void Hub::begin(const std::string& project, bool keep) {
  const std::lock_guard lock(mutex_);
  board_.begin(project, keep);
}

void Hub::setHistory(std::vector<SeriesCount> points) {
  const std::lock_guard lock(mutex_);
  board_.setHistory(std::move(points));
}

void Hub::broadcast(EventBody body) {
  {
    const std::lock_guard lock(mutex_);
    board_.take(body);
    const Event event{++number_, std::move(body), {}};
    Outbox::Bytes bytes;  // the same for all, and made only if somebody listens
    for (const auto& c : clients_) {
      if (!c->follows || c->out < 0 || c->closing) continue;
      c->outbox.pushEvent(event, bytes);
      if (!c->outbox.tooLong()) continue;
      c->closing = true;  // the thread of serve() closes it
      c->outbox.clear();
    }
  }
  wake();
}

void Hub::reply(ClientId id, Reply reply, std::vector<NamedTensor> tensors) {
  {
    const std::lock_guard lock(mutex_);
    if (Client* client = find(id)) send(*client, std::move(reply), std::move(tensors));
  }
  wake();
}

void Hub::send(Client& client, EventBody body, std::vector<NamedTensor> tensors) {
  if (client.out < 0) return;
  client.outbox.push(std::make_shared<const std::string>(encode(Event{number_, std::move(body), std::move(tensors)})));
}

void Hub::close(Client& client) {
  if (!client.starter && client.in >= 0) ::close(client.in);
  client.in = client.out = -1;
  client.outbox.clear();
}

// Takes away who has gone, and says who steers now.
void Hub::sweep() {
  const std::lock_guard lock(mutex_);
  for (const auto& c : clients_)
    if (c->closing && c->outbox.empty()) close(*c);
  const auto left = [&](const auto& c) { return c->id == controller_ && (c->in < 0 || c->closing); };
  if (std::any_of(clients_.begin(), clients_.end(), left)) giveControl(0);
  std::erase_if(clients_, [](const auto& c) { return c->in < 0 && c->out < 0; });
}

Hub::Client* Hub::find(ClientId id) {
  const auto it = std::find_if(clients_.begin(), clients_.end(), [&](const auto& c) { return c->id == id; });
  return it == clients_.end() ? nullptr : it->get();
}

bool Hub::hasStarter() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(clients_.begin(), clients_.end(),
                     [](const auto& c) { return c->starter && c->in >= 0 && !c->closing; });
}

size_t Hub::clients() const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(std::count_if(clients_.begin(), clients_.end(),
                                           [](const auto& c) { return c->greeted && c->in >= 0 && !c->closing; }));
}

RunState Hub::state() const {
  const std::lock_guard lock(mutex_);
  return board_.now().state;
}

}  // namespace netwright::run
