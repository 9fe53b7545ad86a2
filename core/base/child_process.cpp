// SPDX-License-Identifier: Apache-2.0
#include "core/base/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <functional>

#include "core/base/error.h"

extern char** environ;

namespace netwright {
namespace {

constexpr size_t kKept = 64 << 10;

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      failEnvironment("Could not make a pipe.", std::strerror(errno), "Close some programs and try again.");
    read = ends[0];
    write = ends[1];
  }
  void closeWrite() {
    if (write >= 0) ::close(write);
    write = -1;
  }
  ~Pipe() {
    ::close(read);
    closeWrite();
  }
  Pipe(const Pipe&) = delete;
};

// In a process group of its own, so that what it starts ends with it.
pid_t spawn(const std::vector<std::string>& arguments, const std::filesystem::path& folder, int out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, out, 2);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::vector<std::string> copies = arguments;
  std::vector<char*> argv;
  for (std::string& a : copies) argv.push_back(a.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  const int rc = ::posix_spawnp(&pid, argv.front(), &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (rc != 0)
    failEnvironment(fmt::format("Could not start {}.", arguments.front()), std::strerror(rc),
                    "Check that the program is there.");
  return pid;
}

using Clock = std::chrono::steady_clock;

enum class Wake { Ready, Late, Stopped };

// Ends waiting: when its time is over, or from another thread.
class Patience {
 public:
  Patience(std::chrono::milliseconds limit, const std::stop_token& stop)
      : end_(Clock::now() + limit), callback_(stop, [this] { pipe_.closeWrite(); }) {}

  // For something to read, or for a process to end where `from` is its handle.
  Wake waitFor(int from) const {
    for (;;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()).count();
      pollfd wait[]{{from, POLLIN, 0}, {pipe_.read, POLLIN, 0}};
      const int ready = ::poll(wait, 2, static_cast<int>(std::clamp<int64_t>(left, 0, INT_MAX)));
      if (ready < 0 && errno == EINTR) continue;
      if (ready > 0 && wait[1].revents != 0) return Wake::Stopped;
      return ready == 0 ? Wake::Late : Wake::Ready;
    }
  }

 private:
  Pipe pipe_;  // closed by a stop
  Clock::time_point end_;
  std::stop_callback<std::function<void()>> callback_;
};

// Until everybody has closed the pipe.
Wake readAll(int from, std::string& output, const Patience& patience) {
  char buffer[4096];
  for (;;) {
    if (const Wake wake = patience.waitFor(from); wake != Wake::Ready) return wake;
    const ssize_t got = ::read(from, buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Wake::Ready;
    output.append(buffer, static_cast<size_t>(got));
    if (output.size() > 2 * kKept) output.erase(0, output.size() - kKept);
  }
}

// The end of a child that has closed its output already.
Wake waitForEnd(pid_t pid, const Patience& patience) {
  const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (handle < 0) return Wake::Ready;  // an old kernel: it is waited for however long it takes
  const Wake wake = patience.waitFor(handle);
  ::close(handle);
  return wake;
}

}  // namespace

ChildResult runChild(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                     std::chrono::milliseconds limit, const std::stop_token& stop) {
  const Patience patience(limit, stop);
  Pipe pipe;
  const pid_t pid = spawn(arguments, folder, pipe.write);
  pipe.closeWrite();
  ChildResult result;
  Wake wake = readAll(pipe.read, result.output, patience);
  if (wake == Wake::Ready) wake = waitForEnd(pid, patience);
  result.timedOut = wake == Wake::Late;
  result.stopped = wake == Wake::Stopped;
  if (wake != Wake::Ready) ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (result.output.size() > kKept) result.output.erase(0, result.output.size() - kKept);
  return result;
}

}  // namespace netwright
