// SPDX-License-Identifier: Apache-2.0
#include "core/store/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "core/base/error.h"
#include "core/store/process.h"
#include "core/store/recorder.h"
#include "core/store/sql.h"
#include "tests/core/store/project_folder.h"
#include "tests/support/message_of.h"

namespace netwright::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

RunStart named(const std::string& name) {
  RunStart start;
  start.name = name;
  return start;
}

TEST(Database, Database_WithoutAFileIsEmptyAndStaysSo) {
  const ProjectFolder folder;
  Database database(folder.database());
  EXPECT_THAT(database.runs(), IsEmpty());
  EXPECT_EQ(database.findRun("latest"), std::nullopt);
  EXPECT_THAT(database.params({1}), IsEmpty());
  EXPECT_THAT(database.metricKeys({1}), IsEmpty());
  EXPECT_EQ(database.series({1}, "loss", "train").size(), 0u);
  EXPECT_THAT(database.checkpoints({1}), IsEmpty());
  EXPECT_EQ(database.graphJson({1}), "");
  EXPECT_THAT(database.events({1}), IsEmpty());
  EXPECT_THAT(database.markLostRuns(), IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Database, Database_SeesAFileMadeLater) {
  const ProjectFolder folder;
  Database database(folder.database());
  EXPECT_THAT(database.runs(), IsEmpty());
  std::ofstream(folder.database()).close();  // as a crash during creation leaves it
  EXPECT_THAT(database.runs(), IsEmpty());
  Recorder recorder(folder.database());
  recorder.beginRun({});
  EXPECT_EQ(database.runs().size(), 1u);
}

// The rights of a folder mean nothing to root, so the reading is done by a child that is nobody.
TEST(Database, Database_ReadsFromAFolderItCannotWrite) {
  const ProjectFolder folder;
  const std::filesystem::path project = folder.path() / "50% of #1?";
  std::filesystem::create_directory(project);
  {
    Recorder recorder(project / "runs.sqlite");
    recorder.metric(recorder.beginRun({}), "loss", "train", 1, 0, 0.5);
  }
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(project, std::filesystem::perms(0555));
  const pid_t child = ::fork();
  if (child == 0) {
    constexpr uid_t kNobody = 65534;
    if (::getuid() == 0 && ::setuid(kNobody) != 0) ::_exit(2);
    try {
      Database database(project / "runs.sqlite");
      ::_exit(database.runs().at(0).metric("loss", "train")->last == 0.5 ? 0 : 3);
    } catch (const std::exception& error) {
      std::fputs(error.what(), stderr);
      ::_exit(4);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  std::filesystem::permissions(project, std::filesystem::perms(0755));
}

TEST(Database, FindRun_TakesNumberNameAndLatest) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId a = recorder.beginRun(named("warm-up"));
  const RunId b = recorder.beginRun(named("2024"));
  EXPECT_EQ(netwright::test::messageOf([&] { recorder.beginRun(named("warm-up")); }),
            "There is a run 'warm-up' already: id 1. Choose another name, or leave it out.");
  const RunId d = recorder.beginRun({});
  Database database(folder.database());
  EXPECT_EQ(database.findRun("1")->id, a);
  EXPECT_EQ(database.findRun("2024")->id, b);
  EXPECT_EQ(database.findRun("warm-up")->id, a);
  EXPECT_EQ(database.findRun("latest")->id, d);
  EXPECT_EQ(database.findRun("run-1")->id, d);
  EXPECT_EQ(database.findRun("run-2"), std::nullopt);
  EXPECT_EQ(database.findRun("99"), std::nullopt);
  EXPECT_EQ(database.findRun(""), std::nullopt);
}

TEST(Database, RunNames_SkipWhatIsTaken) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  for (const char* name : {"", "run-2", "run-3", "run-7", "run-5", ""}) recorder.beginRun(named(name));
  EXPECT_EQ(Database(folder.database()).findRun("latest")->name, "run-6");
}

TEST(Database, Database_GivesEachRunItsMetrics) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId a = recorder.beginRun({}), b = recorder.beginRun({}), c = recorder.beginRun({});
  recorder.metric(c, "loss", "train", 1, 0, 3);
  recorder.metric(a, "loss", "train", 1, 0, 1);
  recorder.metric(a, "loss", "val", 1, 0, 2);
  recorder.flush();
  Database database(folder.database());
  const auto runs = database.runs();
  EXPECT_EQ(runs[0].metric("loss", "val")->last, 2);
  EXPECT_THAT(runs[1].metrics, IsEmpty());
  EXPECT_EQ(runs[2].metric("loss", "train")->last, 3);
  EXPECT_EQ(runs[2].metric("loss", "val"), nullptr);
  EXPECT_THAT(database.metricKeys(a), ElementsAre(std::pair("loss", "train"), std::pair("loss", "val")));
  EXPECT_THAT(database.metricKeys(b), IsEmpty());
  EXPECT_EQ(database.series(b, "loss", "train").size(), 0u);
}

TEST(Database, MarkLostRuns_KnowsProcessesByPidAndStart) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId alive = recorder.beginRun({}), ended = recorder.beginRun({}), reused = recorder.beginRun({}),
              elsewhere = recorder.beginRun({}), paused = recorder.beginRun({});
  recorder.setStatus(ended, RunStatus::Finished);
  recorder.setStatus(paused, RunStatus::Paused);
  recorder.flush();
  {
    Connection connection(folder.database(), Connection::Mode::Write);
    connection.exec("UPDATE runs SET pid_start = pid_start - 1 WHERE id = 3");
    connection.exec("UPDATE runs SET pid = 2147483647, host = 'another machine' WHERE id = 4");
    connection.exec("UPDATE runs SET pid = 2147483647 WHERE id IN (2, 5)");
  }
  Database database(folder.database());
  EXPECT_THAT(database.markLostRuns(), ElementsAre(reused, paused));
  EXPECT_EQ(database.runs()[0].status, RunStatus::Running);
  EXPECT_EQ(database.runs()[1].status, RunStatus::Finished);
  EXPECT_EQ(database.runs()[2].status, RunStatus::Lost);
  EXPECT_EQ(database.runs()[3].status, RunStatus::Running);
  EXPECT_TRUE(alive && elsewhere);
}

TEST(Database, Database_RefusesNewerAndDamagedFiles) {
  const ProjectFolder folder;
  {
    Recorder recorder(folder.database());
  }
  Connection(folder.database(), Connection::Mode::Write).exec("PRAGMA user_version = 99");
  try {
    Database(folder.database()).runs();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::Input);
    EXPECT_EQ(error.title, folder.database().string() + " has format 99, but this Netwright knows formats up to 2.");
    EXPECT_EQ(error.next, "Update Netwright.");
  }
  std::ofstream(folder.database()) << "no database at all, but quite a long text: " << std::string(200, '-');
  try {
    Database(folder.database()).runs();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::Input);
    EXPECT_EQ(error.title, folder.database().string() + " is damaged or not a database.");
  }
}

TEST(Database, Series_ReportsADamagedChunk) {
  const ProjectFolder folder;
  RunId run;
  {
    Recorder recorder(folder.database());
    run = recorder.beginRun({});
    for (int64_t i = 0; i < 512; ++i) recorder.metric(run, "loss", "train", i, 0, 1);
  }
  Connection(folder.database(), Connection::Mode::Write).exec("UPDATE metric_chunks SET data = x'0102'");
  try {
    Database(folder.database()).series(run, "loss", "train");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.title, folder.database().string() + ": chunk 0 of 'loss' should hold 512 points but has 2 bytes.");
  }
}

TEST(RunStatus, RunStatus_NamesAreThoseOfTheDatabase) {
  for (const RunStatus status : {RunStatus::Running, RunStatus::Paused, RunStatus::Finished, RunStatus::Failed,
                                 RunStatus::Killed, RunStatus::Lost})
    EXPECT_EQ(runStatusFromName(name(status)), status);
  EXPECT_EQ(name(RunStatus::Paused), "PAUSED");
  EXPECT_EQ(runStatusFromName("paused"), std::nullopt);
}

TEST(Process, Process_IsKnownByPidAndStart) {
  const ProcessId self = thisProcess();
  EXPECT_EQ(self.pid, ::getpid());
  EXPECT_GT(self.start, 0);
  EXPECT_TRUE(isAlive(self));
  EXPECT_FALSE(isAlive({self.pid, self.start + 1}));
  EXPECT_FALSE(isAlive({2147483647, 0}));
}

}  // namespace
}  // namespace netwright::store
