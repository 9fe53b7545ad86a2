// SPDX-License-Identifier: Apache-2.0
#include "core/store/trash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/store/check.h"
#include "core/store/database.h"
#include "core/store/recorder.h"
#include "core/store/sql.h"
#include "tests/core/store/project_folder.h"

namespace netwright::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A finished run with 600 points and a checkpoint of 10 + 2 bytes.
RunId makeRun(const ProjectFolder& folder, const std::string& name, RunId parent = {}) {
  Recorder recorder(folder.database());
  RunStart start;
  start.name = name;
  start.parent = parent;
  start.graphJson = name;
  const RunId run = recorder.beginRun(start);
  for (int64_t i = 0; i < 600; ++i) recorder.metric(run, "loss", "train", i, 0, 1);
  const std::string path = "artifacts/" + name + "/epoch-1.safetensors";
  std::filesystem::create_directories((folder.path() / path).parent_path());
  writeFileAtomic(folder.path() / path, "0123456789");
  writeFileAtomic((folder.path() / path).replace_extension(".json"), "{}");
  recorder.checkpoint(run, {600, 1, path, 10, sha256Hex("0123456789"), true, 0.5});
  recorder.setStatus(run, RunStatus::Finished);
  return run;
}

TEST(Trash, Trash_HidesARunAndGivesItBack) {
  const ProjectFolder folder;
  const RunId a = makeRun(folder, "a"), b = makeRun(folder, "b");
  moveToTrash(folder.database(), {b});
  Database database(folder.database());
  ASSERT_EQ(database.runs().size(), 1u);
  EXPECT_EQ(database.findRun("latest")->id, a);
  EXPECT_EQ(database.findRun("b"), std::nullopt);
  EXPECT_EQ(database.findRun("2"), std::nullopt);
  EXPECT_EQ(database.findRun("b", Database::Which::Trashed)->id, b);
  EXPECT_EQ(database.runs(Database::Which::Trashed).size(), 1u);
  restoreFromTrash(folder.database(), {b});
  EXPECT_EQ(database.findRun("latest")->id, b);
  EXPECT_EQ(database.series(b, "loss", "train").size(), 600u);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "artifacts/b/epoch-1.safetensors"));
}

TEST(Trash, Trash_RefusesARunThatGoesOn) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId run = recorder.beginRun({});
  try {
    moveToTrash(folder.database(), {run});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.title, "The run 'run-1' is RUNNING and cannot be deleted.");
  }
  EXPECT_EQ(Database(folder.database()).runs().size(), 1u);
}

TEST(Trash, Garbage_IsWhatTrashedRunsLeave) {
  const ProjectFolder folder;
  const RunId a = makeRun(folder, "a"), b = makeRun(folder, "b", a);
  writeFileAtomic(folder.path() / "artifacts/a/mine.txt", "of the user");
  writeFileAtomic(folder.path() / "artifacts/b/epoch-9.safetensors", "written before a crash, without its row");
  moveToTrash(folder.database(), {a});
  const Collected planned = collectGarbage(folder.path(), folder.database(), true);
  EXPECT_EQ(planned.runs, 1);
  EXPECT_THAT(planned.files, ElementsAre("artifacts/a/epoch-1.json", "artifacts/a/epoch-1.safetensors"));
  EXPECT_EQ(planned.fileBytes, 12);
  EXPECT_EQ(planned.databaseBytes, 512 * 24);
  EXPECT_EQ(Database(folder.database()).runs(Database::Which::Trashed).size(), 1u);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "artifacts/a/epoch-1.safetensors"));

  const Collected done = collectGarbage(folder.path(), folder.database(), false);
  EXPECT_EQ(done.runs, 1);
  EXPECT_EQ(done.files, planned.files);
  EXPECT_GT(done.databaseBytes, 0);
  EXPECT_EQ(done.kept, "");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "artifacts/a/epoch-1.safetensors"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "artifacts/a/mine.txt"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "artifacts/b/epoch-1.safetensors"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "artifacts/b/epoch-9.safetensors"));
  Database database(folder.database());
  EXPECT_THAT(database.runs(Database::Which::Trashed), IsEmpty());
  EXPECT_FALSE(database.findRun("b")->parent);
  EXPECT_EQ(database.graphJson(b), "b");
  EXPECT_EQ(database.graphJson(a), "");
  std::filesystem::remove(folder.path() / "artifacts/b/epoch-9.safetensors");
  EXPECT_THAT(checkDatabase(folder.path(), folder.database(), Depth::Full), IsEmpty());
}

// Two runs may have one name and so one folder.
TEST(Trash, Garbage_LeavesAFileThatAnotherRunRefersTo) {
  const ProjectFolder folder;
  const RunId first = makeRun(folder, "same");
  makeRun(folder, "other");
  Connection(folder.database(), Connection::Mode::Write)  // as older versions could leave it
      .exec("UPDATE artifacts SET path = 'artifacts/same/epoch-1.safetensors' WHERE run_id = 2");
  moveToTrash(folder.database(), {first});
  EXPECT_THAT(collectGarbage(folder.path(), folder.database(), false).files, IsEmpty());
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "artifacts/same/epoch-1.safetensors"));
}

TEST(Trash, DiskUse_CountsPointsAndFiles) {
  const ProjectFolder folder;
  const RunId run = makeRun(folder, "a");
  const DiskUse use = Database(folder.database()).diskUse().at(run);
  EXPECT_EQ(use.records, 600 * 24);
  EXPECT_EQ(use.files, 10);
}

TEST(Check, Check_NamesWhatIsWrong) {
  const ProjectFolder folder;
  EXPECT_THAT(checkDatabase(folder.path(), folder.database()), IsEmpty());  // no database
  makeRun(folder, "a");
  makeRun(folder, "b");
  EXPECT_THAT(checkDatabase(folder.path(), folder.database(), Depth::Full), IsEmpty());
  std::filesystem::remove(folder.path() / "artifacts/a/epoch-1.safetensors");
  writeFileAtomic(folder.path() / "artifacts/b/epoch-1.safetensors", "half");
  Connection connection(folder.database(), Connection::Mode::Write);
  connection.exec("DELETE FROM metric_tail WHERE metric_id = 1 AND position = 3");
  connection.exec("UPDATE metric_chunks SET data = x'00' WHERE metric_id = 2");
  connection.exec(
      "PRAGMA foreign_keys = OFF; INSERT INTO events(run_id, t, level, kind, text) VALUES(77, 0, '', '', '')");
  std::vector<std::string> texts;
  for (const Finding& finding : checkDatabase(folder.path(), folder.database())) texts.push_back(finding.what);
  EXPECT_THAT(texts,
              ElementsAre("Row 1 of events refers to a row of runs that is not there.",
                          "The curve train/loss of run 'a' should have 600 points but has 599.",
                          "The curve train/loss of run 'b' has a damaged chunk.",
                          "The checkpoint artifacts/a/epoch-1.safetensors of run 'a' is missing.",
                          "The checkpoint artifacts/b/epoch-1.safetensors of run 'b' should have 10 bytes but has 4."));
}

TEST(Check, Check_FindsHalfADatabase) {
  const ProjectFolder folder;
  for (const char* name : {"a", "b", "c"}) makeRun(folder, name);
  std::filesystem::resize_file(folder.database(), std::filesystem::file_size(folder.database()) / 2);
  EXPECT_FALSE(checkDatabase(folder.path(), folder.database()).empty());
  std::filesystem::resize_file(folder.database(), 50);
  const auto findings = checkDatabase(folder.path(), folder.database());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_THAT(findings[0].what, testing::StartsWith(folder.database().string() + " is damaged or not a database."));
}

}  // namespace
}  // namespace netwright::store
