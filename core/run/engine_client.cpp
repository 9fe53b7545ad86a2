// SPDX-License-Identifier: Apache-2.0
#include "core/run/engine_client.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/run/endpoint.h"
#include "core/run/engine_process.h"
#include "core/run/protocol.h"

namespace netwright::run {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kAsks = 3;  // within the patience
constexpr int kFarewell = 4;  // patiences that an engine has to save its run and end, from its last event on
constexpr std::chrono::seconds kDefaultPatience{30}, kLastWords{1};

std::chrono::milliseconds patienceOf(const ClientOptions& options) {
  if (options.patience.count() > 0) return options.patience;
  const char* given = std::getenv("NETWRIGHT_ENGINE_TIMEOUT");
  const double seconds = given ? std::atof(given) : 0;
  return seconds > 0 ? std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000)) : kDefaultPatience;
}

void closeEnd(int& fd) {
  if (fd >= 0) ::close(std::exchange(fd, -1));
}

EngineProcess connected(const std::filesystem::path& socket) {
  const int fd = connectTo(socket);
  return {-1, fd, ::fcntl(fd, F_DUPFD_CLOEXEC, 0), -1};
}

}  // namespace

class EngineClient::Link {
 public:
  Link(EngineProcess process, Listener listener, const ClientOptions& options)
      : listener_(std::move(listener)),
        patience_(patienceOf(options)),
        pid_(process.pid),
        child_(process.pid),
        commands_(process.commands),
        events_(process.events),
        errors_(process.errors),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    ::signal(SIGPIPE, SIG_IGN);  // a dead engine is an error value, not the end of this program
    for (const int fd : {commands_, events_, errors_})
      if (fd >= 0) ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    greeting_ = send(Greeting{kProtocolVersion, options.role,
                              fmt::format("{} {}", ::program_invocation_short_name, NETWRIGHT_VERSION), ::getpid()},
                     {});
    thread_ = std::jthread([this] { run(); });
  }

  ~Link() {
    leave(Leaving::Close);
    thread_.join();
    ::close(wake_);
  }

  int64_t send(CommandBody body, std::vector<NamedTensor> tensors) {
    const int64_t id = ++lastId_;
    post(encode(Command{id, std::move(body), std::move(tensors)}));
    return id;
  }

  Answer request(CommandBody body, std::vector<NamedTensor> tensors) {
    const int64_t id = ++lastId_;
    const std::string bytes = encode(Command{id, std::move(body), std::move(tensors)});
    {
      const std::lock_guard lock(mutex_);
      waiting_[id];
    }
    post(bytes);
    std::unique_lock lock(mutex_);
    answered_.wait(lock, [&] { return lost_ || silent_ || waiting_[id].has_value(); });
    std::optional<Answer> answer = std::move(waiting_[id]);
    waiting_.erase(id);
    if (!answer && lost_) failEnvironment(lostWhat_, stderr_, "Try again; 'netwright-cli doctor' checks the engine.");
    if (!answer)
      failEnvironment(
          fmt::format("The engine (process {}) has not answered for {:g} seconds.", pid_.load(), waited()),
          "It hangs, or this machine is overloaded.",
          fmt::format("Wait and try again, or end it with: kill -9 {}. Its run can be resumed.", pid_.load()));
    const Reply& r = answer->reply;
    if (!r.ok) throw Error(r.inputError ? ErrorKind::Input : ErrorKind::Environment, r.what, r.why, r.next);
    return std::move(*answer);
  }

  void letGo() { leave(Leaving::LetGo); }
  void kill() {
    if (pid_ > 0) ::kill(static_cast<pid_t>(pid_), SIGKILL);
  }
  int64_t pid() const { return pid_; }

 private:
  enum class Leaving { No, Close, LetGo };

  double waited() const { return std::chrono::duration<double>(patience_).count(); }

  void leave(Leaving how) {
    {
      const std::lock_guard lock(mutex_);
      if (leaving_ == Leaving::No) leaving_ = how;
    }
    wake();
  }

  void wake() {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(wake_, &one, sizeof one);
  }

  void post(std::string bytes) {
    {
      const std::lock_guard lock(mutex_);
      if (lost_ || leaving_ != Leaving::No) return;
      outbox_.push_back(std::move(bytes));
    }
    wake();
  }

  // --- on the thread of the connection

  void run() {
    asked_ = Clock::now();
    while (events_ >= 0) {
      pollfd fds[] = {{wake_, POLLIN, 0}, {events_, POLLIN, 0}, {errors_, POLLIN, 0}, {commands_, 0, 0}};
      {
        const std::lock_guard lock(mutex_);
        if (!outbox_.empty()) fds[3].events = POLLOUT;
      }
      const auto left = asked_ + patience_ / kAsks - Clock::now();
      const int ms = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
      const int ready = ::poll(fds, 4, std::max(0, ms));
      uint64_t woken = 0;
      [[maybe_unused]] const ssize_t n = ::read(wake_, &woken, sizeof woken);
      if (fds[3].revents) write();
      if (fds[2].revents) readErrors();
      if (fds[1].revents) readEvents();
      if (ready == 0) ask();
      if (leaves()) break;
    }
    finish();
  }

  // An answer is due. Only turns of this loop count: a machine that slept has not waited.
  void ask() {
    asked_ = Clock::now();
    const bool left = leaving() != Leaving::No;
    if (left) {
      if (++unanswered_ >= kFarewell * kAsks) giveUp("The engine did not end.");
    } else if (unanswered_++ < kAsks) {
      send(Ping{}, {});
    } else if (!silent_) {
      setSilent(true);
      tell(EngineSilent{waited()});
    }
  }

  void hear() {
    unanswered_ = 0;
    asked_ = Clock::now();
    if (!silent_) return;
    setSilent(false);
    tell(EngineSilent{0});
  }

  void setSilent(bool silent) {
    {
      const std::lock_guard lock(mutex_);
      silent_ = silent;
    }
    answered_.notify_all();
  }

  void write() {
    const std::lock_guard lock(mutex_);
    while (!outbox_.empty() && commands_ >= 0) {
      const std::string& bytes = outbox_.front();
      const ssize_t n = ::write(commands_, bytes.data() + offset_, bytes.size() - offset_);
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (n < 0) return closeEnd(commands_);  // its end is noticed by the reader
      offset_ += static_cast<size_t>(n);
      if (offset_ < bytes.size()) continue;
      outbox_.pop_front();
      offset_ = 0;
    }
    pollfd fd{commands_, 0, 0};
    if (commands_ >= 0 && ::poll(&fd, 1, 0) == 1 && (fd.revents & (POLLERR | POLLNVAL))) closeEnd(commands_);
  }

  void readErrors() {
    char chunk[4096];
    const ssize_t n = ::read(errors_, chunk, sizeof chunk);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) return closeEnd(errors_);
    const std::lock_guard lock(mutex_);
    stderr_.append(chunk, static_cast<size_t>(n));
    if (stderr_.size() > 8192) stderr_.erase(0, stderr_.size() - 8192);
  }

  void readEvents() {
    const ssize_t n = ::read(events_, chunk_.data(), chunk_.size());
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) return closeEnd(events_);
    try {
      frames_.append({chunk_.data(), static_cast<size_t>(n)});
      while (auto frame = frames_.next()) {
        Event event = decodeEvent(*frame);
        hear();
        deliver(std::move(event));
      }
    } catch (const Error& e) {
      giveUp("The engine sent something that is no message: " + e.title);
    }
  }

  void giveUp(std::string why) {
    if (verdict_.empty()) verdict_ = std::move(why);
    if (child_ > 0) ::kill(child_, SIGKILL);
    closeEnd(events_);
  }

  void deliver(Event event) {
    if (const auto* hello = std::get_if<Hello>(&event.body)) {
      pid_ = hello->pid;
      if (hello->protocol != kProtocolVersion)
        return giveUp(versionText(hello->protocol, kProtocolVersion) + " Use programs of the same version.");
    }
    if (const auto* reply = std::get_if<Reply>(&event.body)) {
      if (reply->id == greeting_ || reply->id == 0) {
        if (!reply->ok) giveUp(fmt::format("The engine ended the conversation. {} {}", reply->what, reply->why));
        return;
      }
      if (answer(*reply, event)) return;
    }
    tell(std::move(event.body), event.number, std::move(event.tensors));
  }

  bool answer(const Reply& reply, Event& event) {
    {
      const std::lock_guard lock(mutex_);
      const auto it = waiting_.find(reply.id);
      if (it == waiting_.end()) return false;
      it->second = Answer{reply, std::move(event.tensors)};
    }
    answered_.notify_all();
    return true;
  }

  void tell(EventBody body, int64_t number = 0, std::vector<NamedTensor> tensors = {}) {
    {
      const std::lock_guard lock(mutex_);
      if (leaving_ == Leaving::LetGo) return;
    }
    if (listener_) listener_(Event{number, std::move(body), std::move(tensors)});
  }

  // True once nothing more is to be done for an owner that has left.
  bool leaves() {
    Leaving how = Leaving::No;
    {
      const std::lock_guard lock(mutex_);
      how = leaving_;
      if (how == Leaving::No) return false;
      if (!leftAt_) leftAt_ = Clock::now();
      if (!outbox_.empty() && commands_ >= 0 && Clock::now() < *leftAt_ + kLastWords && !silent_) return false;
      closeEnd(commands_);
    }
    if (how == Leaving::Close && child_ > 0) {
      if (silent_) ::kill(child_, SIGKILL);
      return false;  // until the engine has ended
    }
    return true;
  }

  void finish() {
    closeEnd(events_);
    closeEnd(commands_);
    const bool letGo = leaving() == Leaving::LetGo;
    std::string how = "The engine has ended the connection.";
    if (child_ > 0) {
      if (letGo) {
        run::letGo(child_);
      } else {
        how = endOf(child_, patience_);
        while (errors_ >= 0 && pollsReadable(errors_)) readErrors();
      }
    }
    closeEnd(errors_);
    if (!verdict_.empty()) how = verdict_;
    std::string detail;
    bool asked = false;
    {
      const std::lock_guard lock(mutex_);
      asked = leaving_ != Leaving::No;
      lost_ = true;
      lostWhat_ = how;
      detail = stderr_;
    }
    answered_.notify_all();
    if (!asked) tell(EngineLost{how, detail});
  }

  Leaving leaving() {
    const std::lock_guard lock(mutex_);
    return leaving_;
  }

  static bool pollsReadable(int fd) {
    pollfd p{fd, POLLIN, 0};
    return ::poll(&p, 1, 0) == 1;
  }

  const Listener listener_;
  const std::chrono::milliseconds patience_;
  std::atomic<int64_t> pid_, lastId_ = 0;
  const pid_t child_;  // -1: attached

  std::mutex mutex_;
  std::condition_variable answered_;
  std::map<int64_t, std::optional<Answer>> waiting_;
  std::deque<std::string> outbox_;
  Leaving leaving_ = Leaving::No;
  bool lost_ = false, silent_ = false;  // silent_ is written by the thread alone
  std::string lostWhat_, stderr_;

  int64_t greeting_ = 0;
  int commands_, events_, errors_;
  const int wake_;
  size_t offset_ = 0;
  FrameReader frames_;
  std::vector<char> chunk_ = std::vector<char>(1 << 16);
  std::string verdict_;
  int unanswered_ = 0;
  Clock::time_point asked_;
  std::optional<Clock::time_point> leftAt_;
  std::jthread thread_;
};

EngineClient::EngineClient(Listener listener, ClientOptions options)
    : link_(std::make_unique<Link>(startEngine(), std::move(listener), options)) {}
EngineClient::EngineClient(const std::filesystem::path& socket, Listener listener, ClientOptions options)
    : link_(std::make_unique<Link>(connected(socket), std::move(listener), options)) {}
EngineClient::~EngineClient() = default;
int64_t EngineClient::send(CommandBody body, std::vector<NamedTensor> tensors) {
  return link_->send(std::move(body), std::move(tensors));
}
EngineClient::Answer EngineClient::request(CommandBody body, std::vector<NamedTensor> tensors) {
  return link_->request(std::move(body), std::move(tensors));
}
void EngineClient::letGo() { link_->letGo(); }
void EngineClient::kill() { link_->kill(); }
int64_t EngineClient::pid() const { return link_->pid(); }

}  // namespace netwright::run
