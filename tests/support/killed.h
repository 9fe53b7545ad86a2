// SPDX-License-Identifier: Apache-2.0
// kill -9 at any instant of an action.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <random>

namespace netwright::test {

inline int kills() {
  const char* given = std::getenv("NW_KILLS");
  return given ? std::max(500, std::atoi(given)) : 50;
}

// Repeats act(0), act(1), ... in a process that is killed some time after act(0).
inline void killed(std::mt19937& random, const std::function<void(int)>& act) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    for (int i = 0;; ++i) {
      act(i);
      if (i == 0 && ::write(ready[1], "x", 1) != 1) ::_exit(1);
    }
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  const timespec instant{0, static_cast<long>(random() % 8'000'000)};
  ::nanosleep(&instant, nullptr);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

}  // namespace netwright::test
