// SPDX-License-Identifier: Apache-2.0
// kill -9 while a project is saved, packed or unpacked, at any instant: the old or the new is there, never a mix, and
// the next one removes what was left. 50 kills of saves; with NW_KILLS (./test --long) 500.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <random>

#include "core/base/file.h"
#include "core/project/archive.h"
#include "core/project/project.h"
#include "tests/support/graphs.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

namespace fs = std::filesystem;

int kills() {
  const char* given = std::getenv("NW_KILLS");
  return given ? std::max(500, std::atoi(given)) : 50;
}

// Different sizes, so that a mix would show.
Project version(int i) {
  Project p;
  p.name = fmt::format("version {}", i);
  for (int n = 1; n <= 40 + i % 7 * 60; ++n)
    p.graph.nodes.push_back(test::node(n, "relu", fmt::format("relu{}_{}", i, n)));
  return p;
}

// Repeats act(0), act(1), ... in a process that is killed some time after act(0).
void killed(std::mt19937& random, const std::function<void(int)>& act) {
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

std::vector<std::string> names(const fs::path& folder) {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(folder)) all.push_back(entry.path().filename().string());
  std::sort(all.begin(), all.end());
  return all;
}

TEST(SaveKill, LeavesTheOldOrTheNewFile) {
  std::mt19937 random(1);
  const test::TempFolder folder;
  int left = 0;
  for (int i = 0; i < kills(); ++i) {
    killed(random, [&](int n) { save(version(n), folder.path()); });
    const std::string text = readFile(projectFile(folder.path()));
    const Project p = fromText(text, "project.json");
    ASSERT_EQ(text, toText(version(std::stoi(p.name.substr(8))))) << i;
    left += names(folder.path()).size() > 3;
    save(version(0), folder.path());
    ASSERT_EQ(names(folder.path()), (std::vector<std::string>{".gitignore", "artifacts", "project.json"})) << i;
  }
  EXPECT_GT(left, 0) << "no kill came while a file was being written: the instants are badly chosen";
}

TEST(SaveKill, PackingAndUnpackingLeaveAllOrNothing) {
  std::mt19937 random(2);
  const test::TempFolder folder;
  save(version(3), folder / "p");
  pack({folder / "p", folder / "p.nwz", false});
  const std::string archive = readFile(folder / "p.nwz");
  for (int i = 0; i < kills() / 5; ++i) {
    killed(random, [&](int) { pack({folder / "p", folder / "p.nwz", false}); });
    ASSERT_EQ(readFile(folder / "p.nwz"), archive) << i;
    killed(random, [&](int n) { unpack(folder / "p.nwz", folder / "out" / std::to_string(n)); });
    for (const std::string& name : names(folder / "out"))
      if (name.front() != '.') {
        ASSERT_EQ(load(folder / "out" / name), version(3)) << i;
      }
    pack({folder / "p", folder / "p.nwz", false});
    unpack(folder / "p.nwz", folder / "out" / "last");
    EXPECT_EQ(names(folder.path()), (std::vector<std::string>{"out", "p", "p.nwz"}));
    for (const std::string& name : names(folder / "out")) EXPECT_NE(name.front(), '.') << name;
    fs::remove_all(folder / "out");
  }
}

}  // namespace
}  // namespace netwright::project
