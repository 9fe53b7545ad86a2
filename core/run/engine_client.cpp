// SPDX-License-Identifier: Apache-2.0
#include "core/run/engine_client.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/base/file.h"
#include "core/run/protocol.h"

extern char** environ;

namespace netwright::run {
namespace {

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      failEnvironment("Could not make a pipe to the engine.", std::strerror(errno),
                      "Close some programs and try again.");
    read = ends[0];
    write = ends[1];
  }
};

void closeEnd(int& fd) {
  if (fd >= 0) ::close(std::exchange(fd, -1));
}

// OpenMP reads these when LibTorch is loaded: idle workers must sleep instead of spinning beside the window and other
// runs.
std::vector<std::string> engineEnvironment() {
  std::vector<std::string> env;
  bool chosen = false;
  for (char** e = environ; *e; ++e) {
    env.emplace_back(*e);
    chosen |= env.back().rfind("OMP_WAIT_POLICY=", 0) == 0 || env.back().rfind("GOMP_SPINCOUNT=", 0) == 0;
  }
  if (!chosen) env.emplace_back("GOMP_SPINCOUNT=2000");
  return env;
}

pid_t spawn(const std::string& program, int in, int out, int err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  // A Ctrl-C in the terminal is for the command line, which then stops the run in order.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t ignored;
  sigemptyset(&ignored);
  sigaddset(&ignored, SIGINT);
  posix_spawnattr_setsigmask(&attributes, &ignored);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> env = engineEnvironment();
  std::vector<char*> envp;
  for (std::string& e : env) envp.push_back(e.data());
  envp.push_back(nullptr);
  std::string arg0 = program;
  char* argv[] = {arg0.data(), nullptr};
  pid_t pid = -1;
  const int rc = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, argv, envp.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (rc != 0)
    failEnvironment(fmt::format("The engine could not be started: {}.", program), fmt::format("{}.", std::strerror(rc)),
                    "Reinstall Netwright, or set NETWRIGHT_ENGINE to the program netwright-engine. 'netwright-cli "
                    "doctor' checks the parts.");
  return pid;
}

std::string endText(int status) {
  if (WIFSIGNALED(status))
    return fmt::format("The engine was ended by signal {} ({}).", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  return fmt::format("The engine ended with exit status {}.", WEXITSTATUS(status));
}

}  // namespace

class EngineClient::Process {
 public:
  explicit Process(Listener listener) : listener_(std::move(listener)) {
    ::signal(SIGPIPE, SIG_IGN);  // a dead engine is an error value, not the end of this program
    Pipe in, out, err;
    pid_ = spawn(engineProgram().string(), in.read, out.write, err.write);
    closeEnd(in.read);
    closeEnd(out.write);
    closeEnd(err.write);
    stdin_ = in.write;
    errors_ = std::jthread([this, fd = err.read] { readErrors(fd); });
    reader_ = std::jthread([this, fd = out.read] { readEvents(fd); });
  }

  ~Process() {
    {
      const std::lock_guard lock(writing_);
      closing_ = true;
      closeEnd(stdin_);
    }
    if (reader_.joinable()) reader_.join();
    if (errors_.joinable()) errors_.join();
  }

  int64_t send(CommandBody body, std::vector<NamedTensor> tensors) {
    const int64_t id = ++lastId_;
    write(encode(Command{id, std::move(body), std::move(tensors)}));
    return id;
  }

  Answer request(CommandBody body, std::vector<NamedTensor> tensors) {
    int64_t id = 0;
    {
      const std::lock_guard lock(answering_);
      id = ++lastId_;
      waiting_[id];
    }
    write(encode(Command{id, std::move(body), std::move(tensors)}));
    std::unique_lock lock(answering_);
    answered_.wait(lock, [&] { return lost_ || waiting_[id].has_value(); });
    std::optional<Answer> answer = std::move(waiting_[id]);
    waiting_.erase(id);
    if (!answer) failEnvironment(lostWhat_, lostDetail_, "Try again; 'netwright-cli doctor' checks the engine.");
    const Reply& r = answer->reply;
    if (!r.ok) throw Error(r.inputError ? ErrorKind::Input : ErrorKind::Environment, r.what, r.why, r.next);
    return std::move(*answer);
  }

  void kill() { ::kill(pid_, SIGKILL); }
  int64_t pid() const { return pid_; }

 private:
  void write(const std::string& bytes) {
    const std::lock_guard lock(writing_);
    for (size_t done = 0; done < bytes.size() && stdin_ >= 0;) {
      const ssize_t n = ::write(stdin_, bytes.data() + done, bytes.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return;  // the reader notices the death and tells
      done += static_cast<size_t>(n);
    }
  }

  void readErrors(int fd) {
    char chunk[4096];
    for (ssize_t n; (n = ::read(fd, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR);) {
      if (n < 0) continue;
      const std::lock_guard lock(answering_);
      stderr_.append(chunk, static_cast<size_t>(n));
      if (stderr_.size() > 8192) stderr_.erase(0, stderr_.size() - 8192);
    }
    ::close(fd);
  }

  void readEvents(int fd) {
    FrameReader frames;
    std::string garbage;
    std::vector<char> chunk(1 << 16);
    for (ssize_t n; (n = ::read(fd, chunk.data(), chunk.size())) > 0 || (n < 0 && errno == EINTR);) {
      if (n < 0) continue;
      try {
        frames.append({chunk.data(), static_cast<size_t>(n)});
        while (auto frame = frames.next()) deliver(decodeEvent(*frame));
      } catch (const Error& e) {
        garbage = e.title;
        kill();
        break;
      }
    }
    ::close(fd);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    if (errors_.joinable()) errors_.join();
    announceEnd(garbage.empty() ? endText(status) : "The engine sent something that is no message: " + garbage);
  }

  void deliver(Event event) {
    if (auto* reply = std::get_if<Reply>(&event.body)) {
      const std::lock_guard lock(answering_);
      const auto it = waiting_.find(reply->id);
      if (it != waiting_.end()) {
        it->second = Answer{*reply, std::move(event.tensors)};
        answered_.notify_all();
        return;
      }
    }
    if (listener_) listener_(event);
  }

  void announceEnd(const std::string& what) {
    bool asked = false;
    {
      const std::lock_guard writing(writing_);
      asked = closing_;
      closeEnd(stdin_);
    }
    std::string detail;
    {
      const std::lock_guard lock(answering_);
      lost_ = true;
      lostWhat_ = what;
      lostDetail_ = detail = stderr_;
    }
    answered_.notify_all();
    if (!asked && listener_) listener_(Event{0, EngineLost{what, detail}, {}});
  }

  Listener listener_;
  pid_t pid_ = -1;
  std::atomic<int64_t> lastId_ = 0;
  std::mutex writing_;
  int stdin_ = -1;
  bool closing_ = false;
  std::mutex answering_;
  std::condition_variable answered_;
  std::map<int64_t, std::optional<Answer>> waiting_;
  bool lost_ = false;
  std::string lostWhat_, lostDetail_, stderr_;
  std::jthread errors_, reader_;
};

EngineClient::EngineClient(Listener listener) : process_(std::make_unique<Process>(std::move(listener))) {}
EngineClient::~EngineClient() = default;
int64_t EngineClient::send(CommandBody body, std::vector<NamedTensor> tensors) {
  return process_->send(std::move(body), std::move(tensors));
}
EngineClient::Answer EngineClient::request(CommandBody body, std::vector<NamedTensor> tensors) {
  return process_->request(std::move(body), std::move(tensors));
}
void EngineClient::kill() { process_->kill(); }
int64_t EngineClient::pid() const { return process_->pid(); }

}  // namespace netwright::run
