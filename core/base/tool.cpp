// SPDX-License-Identifier: Apache-2.0
#include "core/base/tool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "core/base/error.h"

extern char** environ;

namespace netwright {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      failEnvironment("Could not make a pipe.", std::strerror(errno), "Close some programs and try again.");
    read = ends[0];
    write = ends[1];
  }
  ~Pipe() {
    closeEnd(read);
    closeEnd(write);
  }
  Pipe(const Pipe&) = delete;
  static void closeEnd(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

// In a process group of its own, so that its children can be ended with it.
pid_t spawn(const std::vector<std::string>& command, const fs::path& folder, int out, int err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> words = command;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  const int rc = ::posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (rc != 0)
    failEnvironment(fmt::format("{} could not be started.", command[0]), fmt::format("{}.", std::strerror(rc)),
                    "Check its path.");
  return pid;
}

// Until both ends are closed by the program; false if the deadline came first.
bool readBoth(Pipe& out, Pipe& err, ToolRun& run, Clock::time_point deadline) {
  std::array<std::pair<int*, std::string*>, 2> ends{{{&out.read, &run.out}, {&err.read, &run.err}}};
  while (*ends[0].first >= 0 || *ends[1].first >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd waiting[2]{{*ends[0].first, POLLIN, 0}, {*ends[1].first, POLLIN, 0}};
    const auto most = std::min<int64_t>(left, 1'000'000);
    if (::poll(waiting, 2, static_cast<int>(most)) < 0 && errno != EINTR) return false;
    for (size_t i = 0; i < 2; ++i) {
      if (waiting[i].fd < 0 || waiting[i].revents == 0) continue;
      char block[16384];
      const ssize_t n = ::read(waiting[i].fd, block, sizeof(block));
      if (n > 0)
        ends[i].second->append(block, static_cast<size_t>(n));
      else if (n == 0 || errno != EINTR)
        Pipe::closeEnd(*ends[i].first);
    }
  }
  return true;
}

}  // namespace

ToolRun runTool(const std::vector<std::string>& command, const fs::path& folder, std::chrono::milliseconds limit) {
  Pipe out, err;
  ToolRun run;
  const pid_t pid = spawn(command, folder, out.write, err.write);
  Pipe::closeEnd(out.write);
  Pipe::closeEnd(err.write);
  run.timedOut = !readBoth(out, err, run, Clock::now() + limit);
  if (run.timedOut) ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  run.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return run;
}

std::optional<fs::path> findTool(const std::string& name) {
  const auto runs = [](const fs::path& path) {
    std::error_code ec;
    return fs::is_regular_file(path, ec) && ::access(path.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string::npos) return runs(name) ? std::optional<fs::path>(name) : std::nullopt;
  const char* list = std::getenv("PATH");
  std::istringstream folders(list ? list : "/usr/bin:/bin");
  for (std::string folder; !name.empty() && std::getline(folders, folder, ':');)
    if (const fs::path path = fs::path(folder.empty() ? "." : folder) / name; runs(path)) return path;
  return std::nullopt;
}

}  // namespace netwright
