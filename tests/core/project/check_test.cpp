// SPDX-License-Identifier: Apache-2.0
#include "core/project/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/project/edit_lock.h"
#include "core/project/project.h"
#include "core/run/checkpoint.h"
#include "core/store/recorder.h"
#include "tests/support/digits.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

using testing::HasSubstr;

struct Case {
  test::TempFolder folder;
  Project project = test::makeTinyProject(folder.path());
  std::string findings() const {
    std::string all;
    for (const Finding& f : check(folder.path()).findings) all += f.part + ": " + f.text + "\n";
    return all;
  }
};

TEST(Check, ASoundProjectHasNothingToSay) {
  const Case c;
  EXPECT_EQ(c.findings(), "");
  EXPECT_TRUE(check(c.folder.path()).ok());
}

TEST(Check, NamesDamagedProjectAndDamagedDatabaseTogether) {
  const Case c;
  writeFileAtomic(projectFile(c.folder.path()), "{");
  writeFileAtomic(databaseFile(c.folder.path()), std::string(5000, 'x'));
  const std::string findings = c.findings();
  EXPECT_THAT(findings, HasSubstr("project.json: " + projectFile(c.folder.path()).string() + " is not valid JSON"));
  EXPECT_THAT(findings, HasSubstr("database: "));
  EXPECT_FALSE(check(c.folder.path()).ok());
}

TEST(Check, NamesDataThatIsGone) {
  const Case c;
  std::filesystem::remove_all(c.folder / "data");
  EXPECT_THAT(c.findings(), HasSubstr("data: "));
  EXPECT_FALSE(check(c.folder.path()).ok());
}

TEST(Check, TellsWhoEditsAndWhoLeftALock) {
  const Case c;
  const auto lock = EditLock::take(c.folder.path());
  EXPECT_EQ(c.findings(), "lock: It is being edited by " + lock->owner().text() + ".\n");
  std::string text = readFile(lockFile(c.folder.path()));
  text.insert(text.find("\"pid_start\": ") + 13, "9");  // another start, whatever the digits of this one
  writeFileAtomic(lockFile(c.folder.path()), text);
  EXPECT_EQ(c.findings(), "lock: A program that was ended left its lock.\n");
  EXPECT_TRUE(check(c.folder.path()).ok());
}

// A flipped bit leaves the file's size as it was.
TEST(Check, NamesADamagedTensorOfACheckpoint) {
  const Case c;
  run::Checkpoint checkpoint;
  checkpoint.weights = {{"fc.weight", HostTensor(DType::Float32, {4})}};
  const std::string path = "artifacts/run-1/epoch-1.safetensors";
  run::writeCheckpoint(checkpoint, c.folder / path);
  {
    store::Recorder recorder(databaseFile(c.folder.path()));
    const store::RunId run = recorder.beginRun({});
    store::CheckpointRecord record{1, 1, path};
    record.size = static_cast<int64_t>(std::filesystem::file_size(c.folder / path));
    recorder.checkpoint(run, record);
    recorder.setStatus(run, store::RunStatus::Finished);
    recorder.flush();
  }
  EXPECT_EQ(c.findings(), "");
  std::string bytes = readFile(c.folder / path);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  writeFileAtomic(c.folder / path, bytes);
  EXPECT_THAT(c.findings(), HasSubstr("fc.weight"));
  EXPECT_FALSE(check(c.folder.path()).ok());
}

TEST(Check, NeedsAProject) {
  const test::TempFolder folder;
  EXPECT_THAT(test::messageOf([&] { check(folder.path()); }), HasSubstr("There is no project in"));
}

}  // namespace
}  // namespace netwright::project
