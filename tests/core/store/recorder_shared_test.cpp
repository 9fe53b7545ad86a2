// SPDX-License-Identifier: Apache-2.0
// A database that many write and read at once, whose file goes away, is locked, or whose writer is killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <stdexcept>
#include <thread>

#include "core/store/check.h"
#include "core/store/database.h"
#include "core/store/recorder.h"
#include "core/store/sql.h"
#include "tests/core/store/project_folder.h"

namespace netwright::store {
namespace {

using testing::ElementsAre;

TEST(Recorder, Recorder_ManyShareAFile) {
  const ProjectFolder folder;
  constexpr int kRecorders = 8;
  constexpr int64_t kPoints = 3000;
  {
    std::vector<std::jthread> threads;
    for (int r = 0; r < kRecorders; ++r)
      threads.emplace_back([&] {
        Recorder recorder(folder.database());
        const RunId run = recorder.beginRun({});
        for (int64_t i = 0; i < kPoints; ++i)
          recorder.metric(run, "loss", "train", i, 0, static_cast<double>(run.value));
        EXPECT_TRUE(recorder.flush()) << recorder.failure().value_or("");
        recorder.setStatus(run, RunStatus::Finished);
      });
  }
  Database database(folder.database());
  const auto runs = database.runs();
  ASSERT_EQ(runs.size(), static_cast<size_t>(kRecorders));
  for (size_t i = 0; i < runs.size(); ++i) {
    EXPECT_EQ(runs[i].name, "run-" + std::to_string(i + 1));
    EXPECT_EQ(runs[i].status, RunStatus::Finished);
    EXPECT_EQ(database.series(runs[i].id, "loss", "train").values,
              std::vector<double>(kPoints, static_cast<double>(runs[i].id.value)));
  }
}

// R10: processes, as several windows and command lines are.
TEST(Recorder, Recorder_EightProcessesShareAFile) {
  const ProjectFolder folder;
  constexpr int64_t kPoints = 4000, kRuns = 3;
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        Recorder recorder(folder.database());
        for (int64_t r = 0; r < kRuns; ++r) {
          const RunId run = recorder.beginRun({});
          for (int64_t p = 0; p < kPoints; ++p) {
            recorder.metric(run, "loss", "train", p, 0, static_cast<double>(run.value));
            if (p % 1000 == 0) recorder.heartbeat(run, p, 1);
            if (p % 500 == 0 && !recorder.flush()) throw std::runtime_error(recorder.failure().value_or(""));
          }
          recorder.event(run, Severity::Info, "log", "Done.");
          recorder.setStatus(run, RunStatus::Finished);
        }
        ::_exit(recorder.flush() ? 0 : 2);
      } catch (const std::exception& error) {
        std::fputs(error.what(), stderr);
        ::_exit(3);
      }
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  Database database(folder.database());
  const auto runs = database.runs();
  ASSERT_EQ(runs.size(), 24u);
  std::set<std::string> names;
  for (const RunSummary& run : runs) {
    names.insert(run.name);
    EXPECT_EQ(run.status, RunStatus::Finished);
    EXPECT_EQ(database.events(run.id).size(), 1u);
    EXPECT_EQ(database.series(run.id, "loss", "train").values,
              std::vector<double>(kPoints, static_cast<double>(run.id.value)));
  }
  EXPECT_EQ(names.size(), 24u);
  EXPECT_TRUE(checkDatabase(folder.path(), folder.database(), Depth::Full).empty());
}

TEST(Recorder, Recorder_NoticesThatItsFileIsGone) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId run = recorder.beginRun({});
  std::filesystem::rename(folder.database(), folder.path() / "elsewhere.sqlite");
  recorder.metric(run, "loss", "train", 1, 0, 1);
  EXPECT_FALSE(recorder.flush());
  EXPECT_EQ(recorder.failure(), folder.database().string() +
                                    " was deleted or replaced while the run was recorded. Put the folder back where it "
                                    "was.");
  std::filesystem::rename(folder.path() / "elsewhere.sqlite", folder.database());
  EXPECT_TRUE(recorder.flush());
}

TEST(Recorder, Recorder_TakesPointsFromManyThreads) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId run = recorder.beginRun({});
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, key = "k" + std::to_string(t)] {
        for (int64_t i = 0; i < 2000; ++i) recorder.metric(run, key, "train", i, 0, 1);
      });
  }
  recorder.flush();
  Database database(folder.database());
  for (const auto& [key, context] : database.metricKeys(run))
    EXPECT_EQ(database.series(run, key, context).size(), 2000u);
  EXPECT_EQ(database.metricKeys(run).size(), 4u);
}

TEST(Recorder, Recorder_CanBeReadWhileItWrites) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId run = recorder.beginRun({});
  std::jthread writer([&] {
    for (int64_t i = 0; i < 50'000; ++i) recorder.metric(run, "loss", "train", i, 0, static_cast<double>(i));
    recorder.flush();
  });
  Database database(folder.database());
  for (size_t seen = 0; seen < 50'000;) {
    const Series series = database.series(run, "loss", "train");
    ASSERT_GE(series.size(), seen);
    seen = series.size();
    for (size_t i = 0; i < seen; ++i) ASSERT_EQ(series.values[i], static_cast<double>(i));  // no gap, nothing twice
  }
}

TEST(Recorder, Recorder_WritesLaterWhatALockHeldBack) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId run = recorder.beginRun({});
  recorder.metric(run, "loss", "train", 1, 0, 5);
  ASSERT_TRUE(recorder.flush());
  // A trigger that refuses stands in for a full disk.
  Connection(folder.database(), Connection::Mode::Write)
      .exec("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no room'); END");
  recorder.event(run, Severity::Info, "log", "kept");
  recorder.metric(run, "loss", "train", 2, 0, 4);
  recorder.metric(run, "accuracy", "train", 2, 0, 1);
  EXPECT_FALSE(recorder.flush());
  EXPECT_THAT(recorder.failure().value_or(""), testing::HasSubstr("SQLite says: no room."));
  Connection(folder.database(), Connection::Mode::Write).exec("DROP TRIGGER full");
  EXPECT_TRUE(recorder.flush());
  EXPECT_EQ(recorder.failure(), std::nullopt);
  Database database(folder.database());
  EXPECT_EQ(database.events(run).size(), 1u);
  EXPECT_THAT(database.series(run, "loss", "train").values, ElementsAre(5, 4));
  EXPECT_THAT(database.series(run, "accuracy", "train").values, ElementsAre(1));
}

TEST(Recorder, Recorder_SurvivesKill) {
  const ProjectFolder folder;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    Recorder recorder(folder.database());
    const RunId run = recorder.beginRun({});
    for (int64_t i = 0; i < 2000; ++i) recorder.metric(run, "loss", "train", i, 0, 1);
    recorder.flush();
    if (::write(ready[1], "r", 1) != 1) ::_exit(1);
    for (int64_t i = 2000;; ++i) recorder.metric(run, "loss", "train", i, 0, 1);  // killed amid writing
  }
  char byte;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  Database database(folder.database());
  EXPECT_THAT(database.markLostRuns(), ElementsAre());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);

  EXPECT_THAT(database.markLostRuns(), ElementsAre(RunId{1}));
  EXPECT_THAT(database.markLostRuns(), ElementsAre());
  const auto run = database.findRun("latest");
  EXPECT_EQ(run->status, RunStatus::Lost);
  EXPECT_TRUE(run->endMs.has_value());
  const Series series = database.series(RunId{1}, "loss", "train");
  ASSERT_GE(series.size(), 2000u);
  for (size_t i = 0; i < series.size(); ++i) ASSERT_EQ(series.steps[i], static_cast<int64_t>(i));
  EXPECT_EQ(run->metric("loss", "train")->count, static_cast<int64_t>(series.size()));
  EXPECT_EQ(firstText(folder.database(), "PRAGMA integrity_check"), "ok");
  EXPECT_EQ(firstText(folder.database(), "PRAGMA foreign_key_check"), "");
}

}  // namespace
}  // namespace netwright::store
