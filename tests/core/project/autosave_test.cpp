// SPDX-License-Identifier: Apache-2.0
#include "core/project/autosave.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

class AutosaveTest : public ::testing::Test {
 protected:
  void SetUp() override { ::setenv("XDG_STATE_HOME", folder.path().c_str(), 1); }
  void TearDown() override { ::unsetenv("XDG_STATE_HOME"); }
  static Autosave sample(int64_t epochs) {
    Autosave a;
    a.folder = "/somewhere";
    a.lastEdit = "Change epochs";
    a.edits = epochs;
    a.savedMs = epochs;
    a.project = findTemplate("spirals-mlp").project();
    a.project.run.epochs = epochs;
    return a;
  }
  // In a process that has ended when this returns.
  static void elsewhere(const std::function<void()>& act) {
    const pid_t child = ::fork();
    if (child == 0) {
      act();
      ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
  }
  test::TempFolder folder;
};

TEST_F(AutosaveTest, OfADeadProcessIsFoundWithAllThatWasInIt) {
  elsewhere([] { writeAutosave(freshAutosaveFile(), sample(3)); });
  const auto left = leftAutosaves();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].autosave.project, sample(3).project);
  EXPECT_EQ(left[0].autosave.folder, "/somewhere");
  EXPECT_EQ(left[0].autosave.lastEdit, "Change epochs");
  EXPECT_EQ(left[0].autosave.edits, 3);
  discardAutosave(left[0].file);
  EXPECT_TRUE(leftAutosaves().empty());
  discardAutosave(left[0].file);
}

TEST_F(AutosaveTest, NewestComesFirstAndOwnOnesAreNotOffered) {
  elsewhere([] {
    writeAutosave(freshAutosaveFile(), sample(3));
    writeAutosave(freshAutosaveFile(), sample(5));
  });
  writeAutosave(freshAutosaveFile(), sample(9));
  const auto left = leftAutosaves();
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].autosave.edits, 5);
}

TEST_F(AutosaveTest, DamagedFilesArePassedOver) {
  elsewhere([] { writeAutosave(freshAutosaveFile(), sample(3)); });
  writeFileAtomic(autosaveFolder() / "1-1-1.json", "{\"netwright_autosave\": 1, \"pid\":");
  writeFileAtomic(autosaveFolder() / "1-1-2.json", "{\"netwright_autosave\": 99}");
  EXPECT_EQ(leftAutosaves().size(), 1u);
}

TEST_F(AutosaveTest, FolderThatCannotBeWrittenIsNamed) {
  writeFileAtomic(folder.path() / "netwright", "a file");
  try {
    writeAutosave(freshAutosaveFile(), sample(1));
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(e.title.find("autosave"), std::string::npos) << e.title;
  }
}

}  // namespace
}  // namespace netwright::project
