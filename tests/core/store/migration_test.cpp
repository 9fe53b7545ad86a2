// SPDX-License-Identifier: Apache-2.0
// Databases of every older version, kept under tests/data/formats, are read and brought up to date.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/store/database.h"
#include "core/store/recorder.h"
#include "core/store/schema.h"
#include "core/store/sql.h"
#include "tests/core/store/project_folder.h"

namespace netwright::store {
namespace {

using testing::ElementsAre;

const std::filesystem::path kVersion1File = NETWRIGHT_SOURCE_DIR "/tests/data/formats/runs-v1.sqlite";

int64_t number(const std::filesystem::path& database, const std::string& sql) {
  Connection connection(database, Connection::Mode::Read);
  Statement row(connection, sql);
  row.step();
  return row.integer(0);
}

void expectWhatVersion1Held(Database& database) {
  const auto runs = database.runs();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].name, "first");
  EXPECT_EQ(runs[0].status, RunStatus::Finished);
  EXPECT_EQ(runs[0].steps, 700);
  EXPECT_EQ(runs[0].metric("accuracy", "val")->best()->value, 0.75);
  EXPECT_EQ(runs[1].errorText, "Loss is NaN.");
  EXPECT_EQ(runs[1].parent, runs[0].id);
  const Series loss = database.series(runs[0].id, "loss", "train");
  ASSERT_EQ(loss.size(), 700u);
  for (size_t i = 0; i < loss.size(); ++i) ASSERT_EQ(loss.values[i], 1.0 / static_cast<double>(i + 1));
  EXPECT_TRUE(std::isnan(database.series(runs[0].id, "loss", "val").values.at(0)));
  EXPECT_EQ(database.checkpoints(runs[0].id).size(), 2u);
  EXPECT_EQ(database.params(runs[1].id).at(0), std::pair(std::string("epochs"), std::string("5")));
  EXPECT_EQ(database.graphJson(runs[0].id), "{\"netwright\":1,\"name\":\"p\"}");
  EXPECT_EQ(database.events(runs[0].id).at(0).text, "Paused after step 5.");
  EXPECT_TRUE(database.tags(runs[0].id).empty());
  EXPECT_TRUE(database.runs(Database::Which::Trashed).empty());
}

TEST(Migration, Migration_KeepsEverythingOfVersion1AndACopyOfTheFile) {
  const ProjectFolder folder;
  std::filesystem::copy_file(kVersion1File, folder.database());
  {
    Database database(folder.database());
    expectWhatVersion1Held(database);
  }
  EXPECT_EQ(number(folder.database(), "PRAGMA user_version"), kSchemaVersion);
  const auto backup = folder.path() / "runs.v1.sqlite";
  EXPECT_EQ(number(backup, "PRAGMA user_version"), 1);
  EXPECT_EQ(number(backup, "SELECT count(*) FROM runs"), 2);
  Recorder recorder(folder.database());
  RunStart start;
  start.tags = {{"team", "x"}};
  recorder.beginRun(start);
  EXPECT_THAT(Database(folder.database()).tags({3}), ElementsAre(std::pair("team", "x")));
}

// Tables and indices, and what they are made of: neither may depend on the way a file came to this version.
TEST(Migration, Migration_EndsWithTheTablesOfANewFile) {
  const ProjectFolder folder;
  std::filesystem::copy_file(kVersion1File, folder.path() / "old.sqlite");
  const auto tablesOf = [&](const std::string& file) {
    Recorder recorder(folder.path() / file);
    Connection connection(folder.path() / file, Connection::Mode::Read);
    Statement rows(connection, "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name");
    std::string all;
    while (rows.step()) all += rows.text(0) + " " + rows.text(1) + " " + rows.text(2) + "\n";
    return all;
  };
  EXPECT_EQ(tablesOf("old.sqlite"), tablesOf("new.sqlite"));
}

TEST(Migration, Migration_IsSafeWhenEightProcessesBeginAtOnce) {
  const ProjectFolder folder;
  std::filesystem::copy_file(kVersion1File, folder.database());
  int gate[2];
  ASSERT_EQ(::pipe(gate), 0);
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(gate[1]);
      char byte;
      if (::read(gate[0], &byte, 1) != 0) ::_exit(2);  // all begin when the gate is closed
      try {
        Recorder recorder(folder.database());
        recorder.metric(recorder.beginRun({}), "loss", "train", 1, 0, 1);
        ::_exit(recorder.flush() ? 0 : 3);
      } catch (const std::exception& error) {
        std::fputs(error.what(), stderr);
        ::_exit(4);
      }
    }
    children.push_back(child);
  }
  ::close(gate[1]);
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  ::close(gate[0]);
  EXPECT_EQ(Database(folder.database()).runs().size(), 10u);
  EXPECT_EQ(number(folder.path() / "runs.v1.sqlite", "SELECT count(*) FROM runs"), 2);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "runs.v1.sqlite.unfinished"));
}

// The rights of a folder mean nothing to root, so the reading is done by a child that is nobody.
TEST(Migration, Migration_ReadsAnOldFileThatCannotBeWritten) {
  const ProjectFolder folder;
  const std::filesystem::path project = folder.path() / "p";
  std::filesystem::create_directory(project);
  std::filesystem::copy_file(kVersion1File, project / "runs.sqlite");
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(project / "runs.sqlite", std::filesystem::perms(0444));
  std::filesystem::permissions(project, std::filesystem::perms(0555));
  const std::string before = readFile(project / "runs.sqlite");
  const pid_t child = ::fork();
  if (child == 0) {
    constexpr uid_t kNobody = 65534;
    if (::getuid() == 0 && ::setuid(kNobody) != 0) ::_exit(2);
    try {
      Database database(project / "runs.sqlite");
      expectWhatVersion1Held(database);
    } catch (const std::exception& error) {
      std::fputs(error.what(), stderr);
      ::_exit(4);
    }
    ::_exit(testing::Test::HasFailure() ? 3 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  std::filesystem::permissions(project, std::filesystem::perms(0755));
  EXPECT_EQ(readFile(project / "runs.sqlite"), before);
  EXPECT_FALSE(std::filesystem::exists(project / "runs.v1.sqlite"));
}

TEST(Migration, Migration_ChangesNothingWithoutACopy) {
  const ProjectFolder folder;
  std::filesystem::copy_file(kVersion1File, folder.database());
  std::filesystem::create_directories(folder.path() / "runs.v1.sqlite/in-the-way");
  try {
    Recorder recorder(folder.database());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.title, (folder.path() / "runs.v1.sqlite").string() + " could not be written.");
    EXPECT_EQ(error.next, "Let the folder be written; nothing was changed.");
  }
  EXPECT_EQ(number(folder.database(), "PRAGMA user_version"), 1);
}

}  // namespace
}  // namespace netwright::store
