// SPDX-License-Identifier: Apache-2.0
#include "core/run/engine_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"

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
  ~Pipe() {
    for (const int end : {read, write})
      if (end >= 0) ::close(end);
  }
  Pipe(const Pipe&) = delete;
};

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

// Children that have ended stay in the system's table until their parent has looked.
std::mutex goneMutex;
std::vector<pid_t> gone;

void lookAfterTheGone() {
  const std::lock_guard lock(goneMutex);
  std::erase_if(gone, [](pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG) != 0; });
}

}  // namespace

EngineProcess startEngine() {
  lookAfterTheGone();
  Pipe in, out, err;
  EngineProcess process;
  process.pid = spawn(engineProgram().string(), in.read, out.write, err.write);
  process.commands = std::exchange(in.write, -1);
  process.events = std::exchange(out.read, -1);
  process.errors = std::exchange(err.read, -1);
  return process;
}

void letGo(pid_t pid) {
  const std::lock_guard lock(goneMutex);
  gone.push_back(pid);
}

std::string endOf(pid_t pid, std::chrono::milliseconds patience) {
  const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  pollfd ended{handle, POLLIN, 0};
  if (handle >= 0 && ::poll(&ended, 1, static_cast<int>(patience.count())) == 0) ::kill(pid, SIGKILL);
  if (handle >= 0) ::close(handle);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return endText(status);
}

}  // namespace netwright::run
