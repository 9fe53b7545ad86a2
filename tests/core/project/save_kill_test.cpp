// SPDX-License-Identifier: Apache-2.0
// kill -9 while a project is saved, packed or unpacked, at any instant: the old or the new is there, never a mix, and
// the next one removes what was left. 50 kills of saves; with NW_KILLS (./test --long) 500.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/base/file.h"
#include "core/project/archive.h"
#include "core/project/project.h"
#include "tests/support/graphs.h"
#include "tests/support/killed.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

namespace fs = std::filesystem;
using test::killed;
using test::kills;

// Different sizes, so that a mix would show.
Project version(int i) {
  Project p;
  p.name = fmt::format("version {}", i);
  for (int n = 1; n <= 40 + i % 7 * 60; ++n)
    p.graph.nodes.push_back(test::node(n, "relu", fmt::format("relu{}_{}", i, n)));
  return p;
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
