// SPDX-License-Identifier: Apache-2.0
#include "core/project/edit_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/project/project.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

using test::messageOf;
using testing::HasSubstr;

// Runs act() in a process of its own, which then ends without tidying up.
void inDeadProcess(const std::function<void()>& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    act();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
}

TEST(EditLock, IsHeldByOneUntilItEnds) {
  const test::TempFolder folder;
  auto first = EditLock::take(folder.path());
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->isHeld());
  EXPECT_FALSE(EditLock::take(folder.path())) << "another window of the same program";
  EXPECT_EQ(lockOwner(folder.path()), first->owner());
  EXPECT_THAT(first->owner().text(), HasSubstr("(process " + std::to_string(::getpid()) + "), since 20"));
  first.reset();
  EXPECT_FALSE(std::filesystem::exists(lockFile(folder.path())));
  EXPECT_TRUE(EditLock::take(folder.path()));
}

TEST(EditLock, OfADeadProcessIsFree) {
  const test::TempFolder folder;
  inDeadProcess([&] {
    if (!EditLock::take(folder.path()).release()) ::_exit(1);
  });
  ASSERT_TRUE(std::filesystem::exists(lockFile(folder.path())));
  EXPECT_FALSE(lockOwner(folder.path()));
  EXPECT_TRUE(EditLock::take(folder.path()));
}

TEST(EditLock, OfAReusedProcessNumberIsFree) {
  const test::TempFolder folder;
  const auto mine = EditLock::take(folder.path());
  std::string text = readFile(lockFile(folder.path()));
  const std::string start = std::to_string(mine->owner().pidStart);
  writeFileAtomic(lockFile(folder.path()), text.replace(text.find("\"pid_start\": " + start) + 13, start.size(), "1"));
  EXPECT_FALSE(lockOwner(folder.path()));
}

TEST(EditLock, TakenOverIsNoLongerHeldAndNotRemovedByTheLoser) {
  const test::TempFolder folder;
  auto loser = EditLock::take(folder.path());
  const auto winner = EditLock::take(folder.path(), EditLock::Way::TakeOver);
  ASSERT_TRUE(winner);
  EXPECT_FALSE(loser->isHeld());
  loser.reset();
  EXPECT_TRUE(winner->isHeld());
}

TEST(EditLock, OfAnotherMachineOrUnreadableCountsAsHeld) {
  const test::TempFolder folder;
  writeFileAtomic(lockFile(folder.path()),
                  R"({"pid": 1, "pid_start": 1, "host": "elsewhere", "user": "anna", "since_ms": 1700000000000,
                      "token": "t"})");
  EXPECT_EQ(lockOwner(folder.path())->text(), "anna on elsewhere (process 1), since 2023-11-14 22:13 UTC");
  EXPECT_FALSE(EditLock::take(folder.path()));
  for (const std::string garbage : {"", "{", "[]", "\xff", "{\"pid\": \"x\"}"}) {
    writeFileAtomic(lockFile(folder.path()), garbage);
    EXPECT_EQ(lockOwner(folder.path())->text(), "an unknown program") << garbage;
  }
  EXPECT_TRUE(EditLock::take(folder.path(), EditLock::Way::TakeOver));
}

TEST(EditLock, SavingRespectsThatOfOthersOnly) {
  const test::TempFolder folder;
  save(Project{}, folder.path());
  const auto own = EditLock::take(folder.path());
  EXPECT_NO_THROW(save(Project{}, folder.path()));
  writeFileAtomic(lockFile(folder.path()), R"({"pid": 1, "host": "elsewhere", "user": "anna", "token": "t"})");
  const std::string before = readFile(projectFile(folder.path()));
  Project changed;
  changed.name = "changed";
  EXPECT_EQ(messageOf([&] { save(changed, folder.path()); }),
            folder.path().string() +
                " is being edited by anna on elsewhere (process 1). Two programs that save it would overwrite each "
                "other's edits. Close it there, or take it over in the window; if that program is gone, delete " +
                lockFile(folder.path()).string() + ".");
  EXPECT_EQ(readFile(projectFile(folder.path())), before);
}

TEST(EditLock, CopiesOfAProjectAreIndependent) {
  const test::TempFolder folder;
  save(Project{}, folder / "a");
  const auto first = EditLock::take(folder / "a");
  std::filesystem::copy(folder / "a", folder / "b", std::filesystem::copy_options::recursive);
  std::filesystem::remove(lockFile(folder / "b"));
  EXPECT_TRUE(EditLock::take(folder / "b"));
  EXPECT_TRUE(first->isHeld());
}

TEST(EditLock, SaysWhichFolderIsGone) {
  const test::TempFolder folder;
  EXPECT_THAT(messageOf([&] { EditLock::take(folder / "gone"); }),
              HasSubstr("/gone/.netwright.lock. No such file or directory."));
}

}  // namespace
}  // namespace netwright::project
