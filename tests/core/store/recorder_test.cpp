// SPDX-License-Identifier: Apache-2.0
#include "core/store/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <fstream>
#include <limits>

#include "core/base/error.h"
#include "core/store/database.h"
#include "core/store/sql.h"
#include "tests/core/store/project_folder.h"

namespace netwright::store {
namespace {

using testing::ElementsAre;

std::vector<uint64_t> bitsOf(const std::vector<double>& values) {
  std::vector<uint64_t> bits;
  for (const double value : values) bits.push_back(std::bit_cast<uint64_t>(value));
  return bits;
}

// NaN of several kinds, infinities, zeros of both signs, the smallest and the largest.
double oddValue(int64_t i) {
  switch (i % 8) {
    case 0:
      return std::numeric_limits<double>::quiet_NaN();
    case 1:
      return std::numeric_limits<double>::infinity();
    case 2:
      return -std::numeric_limits<double>::infinity();
    case 3:
      return -0.0;
    case 4:
      return std::numeric_limits<double>::denorm_min();
    case 5:
      return std::bit_cast<double>(0xfff8'0000'0000'1234);
    case 6:
      return static_cast<double>(i);
    default:
      return 1.0 / static_cast<double>(i);
  }
}

TEST(Recorder, Recorder_KeepsPointsBitByBit) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId run = recorder.beginRun({});
  std::vector<int64_t> steps;
  std::vector<double> seconds, values;
  for (int64_t i = 0; i < 100'000; ++i) {
    steps.push_back(i == 7 ? std::numeric_limits<int64_t>::max() : i);
    seconds.push_back(static_cast<double>(i) * 0.1);
    values.push_back(oddValue(i));
    recorder.metric(run, "loss", "train", steps.back(), seconds.back(), values.back());
  }
  ASSERT_TRUE(recorder.flush());
  const Series series = Database(folder.database()).series(run, "loss", "train");
  EXPECT_EQ(series.steps, steps);
  EXPECT_EQ(bitsOf(series.seconds), bitsOf(seconds));
  EXPECT_EQ(bitsOf(series.values), bitsOf(values));
}

TEST(Recorder, Recorder_FoldsTheTailAt512) {
  for (const int64_t count : {0, 1, 511, 512, 513, 1024, 1500}) {
    const ProjectFolder folder;
    Recorder recorder(folder.database());
    const RunId run = recorder.beginRun({});
    for (int64_t i = 0; i < count; ++i) {
      recorder.metric(run, "loss", "train", i, 0, oddValue(i));
      if (i % 100 == 50) recorder.flush();  // the tail is stored before it is folded
    }
    recorder.flush();
    EXPECT_EQ(firstText(folder.database(), "SELECT count(*) FROM metric_chunks"), std::to_string(count / 512));
    EXPECT_EQ(firstText(folder.database(), "SELECT count(*) FROM metric_tail"), std::to_string(count % 512));
    const Series series = Database(folder.database()).series(run, "loss", "train");
    ASSERT_EQ(series.size(), static_cast<size_t>(count));
    for (int64_t i = 0; i < count; ++i) {
      const auto at = static_cast<size_t>(i);
      ASSERT_EQ(series.steps[at], i);
      ASSERT_EQ(std::bit_cast<uint64_t>(series.values[at]), std::bit_cast<uint64_t>(oddValue(i))) << count << " " << i;
    }
  }
}

TEST(Recorder, Recorder_ContinuesASeriesOfAnEarlierRecorder) {
  const ProjectFolder folder;
  RunId run;
  for (int64_t part = 0; part < 4; ++part) {
    Recorder recorder(folder.database());
    if (!run) run = recorder.beginRun({});
    for (int64_t i = part * 400; i < (part + 1) * 400; ++i)
      recorder.metric(run, "loss", "train", i, 0, std::abs(static_cast<double>(i) - 300.5));
  }
  Database database(folder.database());
  const Series series = database.series(run, "loss", "train");
  ASSERT_EQ(series.size(), 1600u);
  for (size_t i = 0; i < series.size(); ++i) ASSERT_EQ(series.steps[i], static_cast<int64_t>(i));
  const MetricSummary metric = *database.findRun("latest")->metric("loss", "train");
  EXPECT_EQ(metric.count, 1600);
  EXPECT_EQ(metric.min->step, 300);
  EXPECT_EQ(metric.max->step, 1599);
}

TEST(Recorder, Recorder_SummaryIgnoresNaN) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId run = recorder.beginRun({});
  const double nan = std::nan("");
  int64_t step = 0;
  for (const double value : {nan, 3.0, 1.0, 2.0, nan}) recorder.metric(run, "accuracy", "val", ++step, 0, value);
  recorder.metric(run, "loss", "val", 1, 0, nan);
  recorder.flush();
  const RunSummary summary = Database(folder.database()).runs().at(0);
  const MetricSummary accuracy = *summary.metric("accuracy", "val");
  EXPECT_EQ(accuracy.count, 5);
  EXPECT_EQ(accuracy.lastStep, 5);
  EXPECT_TRUE(std::isnan(accuracy.last));
  EXPECT_EQ(accuracy.min->value, 1);
  EXPECT_EQ(accuracy.min->step, 3);
  EXPECT_EQ(accuracy.goal, Goal::Maximise);
  EXPECT_EQ(accuracy.best()->value, 3);
  EXPECT_EQ(accuracy.best()->step, 2);
  const MetricSummary loss = *summary.metric("loss", "val");
  EXPECT_EQ(loss.goal, Goal::Minimise);
  EXPECT_FALSE(loss.best().has_value());
}

TEST(Recorder, Recorder_KeepsWhatARunIsMadeFrom) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  RunStart start;
  start.experiment = "digits";
  start.seed = UINT64_MAX;
  start.device = "cpu";
  start.params = {{"lr", "0.1"}, {"batch", "64"}};
  start.graphJson = "{\"nodes\": []}";
  start.appVersion = "0.1.0";
  start.libtorchVersion = "2.0";
  const RunId first = recorder.beginRun(start);
  start.parent = first;
  const RunId second = recorder.beginRun(start);
  recorder.heartbeat(second, 120, 3);
  recorder.setStatus(first, RunStatus::Failed, "Loss is NaN at step 12.");
  recorder.flush();

  Database database(folder.database());
  const auto runs = database.runs();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].name, "run-1");
  EXPECT_EQ(runs[0].experiment, "digits");
  EXPECT_EQ(runs[0].status, RunStatus::Failed);
  EXPECT_EQ(runs[0].errorText, "Loss is NaN at step 12.");
  EXPECT_GE(runs[0].endMs.value(), runs[0].startMs);
  EXPECT_EQ(runs[0].seed, UINT64_MAX);
  EXPECT_EQ(runs[0].uuid.size(), 32u);
  EXPECT_NE(runs[0].uuid, runs[1].uuid);
  EXPECT_EQ(runs[1].name, "run-2");
  EXPECT_EQ(runs[1].status, RunStatus::Running);
  EXPECT_FALSE(runs[1].endMs.has_value());
  EXPECT_EQ(runs[1].parent, first);
  EXPECT_EQ(runs[1].steps, 120);
  EXPECT_EQ(runs[1].epochs, 3);
  EXPECT_EQ(runs[1].device, "cpu");
  EXPECT_EQ(runs[1].libtorchVersion, "2.0");
  EXPECT_EQ(runs[1].pid, ::getpid());
  EXPECT_EQ(database.params(second), start.params);
  EXPECT_EQ(database.graphJson(second), start.graphJson);
  EXPECT_EQ(firstText(folder.database(), "SELECT count(*) FROM graphs"), "1");
}

TEST(Recorder, Recorder_KeepsCheckpointsAndEvents) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId run = recorder.beginRun({});
  recorder.checkpoint(run, {10, 1, "artifacts/a", 5, "aa", true, 0.5});
  recorder.checkpoint(run, {20, 2, "artifacts/b", 6, "bb", true, 0.25});
  recorder.checkpoint(run, {30, 3, "artifacts/c", 7, "cc", false, std::nullopt});
  recorder.artifact(run, {"export", "artifacts/model.onnx", 9, "dd"});
  recorder.event(run, Severity::Warning, "nan", "Gradient of 'fc1' is NaN.");
  recorder.event(run, Severity::Info, "log", "Done.");
  recorder.flush();
  Database database(folder.database());
  const auto checkpoints = database.checkpoints(run);
  ASSERT_EQ(checkpoints.size(), 3u);
  EXPECT_FALSE(checkpoints[0].isBest);
  EXPECT_TRUE(checkpoints[1].isBest);
  EXPECT_EQ(checkpoints[1].step, 20);
  EXPECT_EQ(checkpoints[1].epoch, 2);
  EXPECT_EQ(checkpoints[1].path, "artifacts/b");
  EXPECT_EQ(checkpoints[1].size, 6);
  EXPECT_EQ(checkpoints[1].sha256, "bb");
  EXPECT_EQ(checkpoints[1].value, 0.25);
  EXPECT_FALSE(checkpoints[2].value.has_value());
  const auto events = database.events(run);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].level, Severity::Warning);
  EXPECT_EQ(events[0].kind, "nan");
  EXPECT_EQ(events[0].text, "Gradient of 'fc1' is NaN.");
  EXPECT_EQ(firstText(folder.database(), "SELECT count(*) FROM artifacts"), "4");
}

TEST(Recorder, Recorder_KeepsDataSetsHistogramsAndTheSystemsLoad) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId a = recorder.beginRun({}), b = recorder.beginRun({});
  const DatasetRecord train{"train", "mnist", "builtin:mnist", "abc", "[]", 60000, "{\"steps\":[]}"};
  recorder.dataset(a, train);
  recorder.dataset(b, train);
  recorder.dataset(b, {"val", "mnist", "builtin:mnist", "def", "[]", 10, std::nullopt});
  recorder.histogram(a, {"fc.weight", 5, 0.5, {0, 1, 2.5}, {3, 4}});
  for (int64_t i = 0; i < 600; ++i) recorder.system(a, "memory_bytes", i, static_cast<double>(i), 1e9);
  recorder.flush();
  Database database(folder.database());
  EXPECT_EQ(firstText(folder.database(), "SELECT count(*) FROM datasets"), "2");
  const auto used = database.datasets(b);
  ASSERT_EQ(used.size(), 2u);
  EXPECT_EQ(used[0].role, "train");
  EXPECT_EQ(used[0].samples, 60000);
  EXPECT_EQ(used[0].fitted, "{\"steps\":[]}");
  EXPECT_EQ(used[1].digest, "def");
  EXPECT_EQ(used[1].fitted, "");
  EXPECT_THAT(database.histogramKeys(a), ElementsAre("fc.weight"));
  const auto histograms = database.histograms(a, "fc.weight");
  ASSERT_EQ(histograms.size(), 1u);
  EXPECT_THAT(histograms[0].edges, ElementsAre(0, 1, 2.5));
  EXPECT_THAT(histograms[0].counts, ElementsAre(3, 4));
  EXPECT_THAT(database.systemKeys(a), ElementsAre("memory_bytes"));
  EXPECT_EQ(database.systemSeries(a, "memory_bytes").size(), 600u);
  EXPECT_TRUE(database.metricKeys(a).empty());
  EXPECT_EQ(firstText(folder.database(), "SELECT count(*) FROM system_chunks"), "1");
  recorder.resumeRun(a, 99);
  EXPECT_EQ(database.systemSeries(a, "memory_bytes").size(), 100u);
}

// Killed after the points of an epoch were committed and before its checkpoint was: the checkpoint before it refers to
// a metric that has points to take away.
TEST(Recorder, Recorder_AResumedRunKeepsTheCheckpointsOfItsMetrics) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId run = recorder.beginRun({});
  const auto checkpoint = [&](int64_t step, const char* path) {
    CheckpointRecord record{step, step / 10, path, 5, "aa", true, 0.5};
    record.metric = {"accuracy", "val"};
    recorder.checkpoint(run, record);
    recorder.flush();
  };
  for (const int64_t step : {10, 20}) recorder.metric(run, "accuracy", "val", step, 0, 0.5);
  recorder.metric(run, "late", "val", 20, 0, 1);
  recorder.flush();
  checkpoint(10, "artifacts/a");
  checkpoint(20, "artifacts/gone");
  recorder.resumeRun(run, 10);
  Database database(folder.database());
  EXPECT_THAT(database.series(run, "accuracy", "val").steps, ElementsAre(10));
  ASSERT_EQ(database.checkpoints(run).size(), 1u);
  EXPECT_EQ(database.checkpoints(run).front().path, "artifacts/a");
  EXPECT_EQ(firstText(folder.database(), "SELECT m.key FROM checkpoints c JOIN metrics m ON m.id = c.metric_id"),
            "accuracy");
  EXPECT_EQ(firstText(folder.database(), "SELECT count(*) FROM artifacts"), "1");
  EXPECT_THAT(database.metricKeys(run), ElementsAre(std::pair<std::string, std::string>("accuracy", "val")));
  recorder.resumeRun(run, 0);
  EXPECT_TRUE(database.checkpoints(run).empty());
  EXPECT_TRUE(database.metricKeys(run).empty());
}

TEST(Recorder, Recorder_ARunNeverEndsBeforeItBegan) {
  const ProjectFolder folder;
  Recorder recorder(folder.database());
  const RunId run = recorder.beginRun({});
  // The clock was ahead when the run began and has been set back since.
  Connection(folder.database(), Connection::Mode::Write).exec("UPDATE runs SET start_ms = start_ms + 86400000");
  recorder.heartbeat(run, 1, 1);
  recorder.setStatus(run, RunStatus::Finished);
  recorder.flush();
  const RunSummary summary = Database(folder.database()).runs().at(0);
  EXPECT_EQ(summary.endMs, summary.startMs);
}

std::string messageOf(const std::filesystem::path& database) {
  try {
    Recorder recorder(database);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Recorder, Recorder_RefusesANewerFormat) {
  const ProjectFolder folder;
  {
    Recorder recorder(folder.database());
  }
  Connection(folder.database(), Connection::Mode::Write).exec("PRAGMA user_version = 7");
  EXPECT_EQ(
      messageOf(folder.database()),
      folder.database().string() +
          " has format 7, but this Netwright knows formats up to 2. A newer Netwright wrote it. Update Netwright.");
}

TEST(Recorder, Recorder_RefusesOtherPrograms) {
  const ProjectFolder folder;
  Connection(folder.database(), Connection::Mode::Write).exec("CREATE TABLE cats(name TEXT)");
  EXPECT_EQ(messageOf(folder.database()),
            folder.database().string() +
                " is the database of another program. Its application id is 0x00000000 where "
                "Netwright's is 0x4e775274. Move it away: the next run makes a new one.");
}

TEST(Recorder, Recorder_RefusesADamagedFile) {
  const ProjectFolder folder;
  std::ofstream(folder.database()) << std::string(5000, 'x');
  EXPECT_EQ(messageOf(folder.database()),
            folder.database().string() +
                " is damaged or not a database. SQLite says: file is not a database. Restore it from a "
                "backup, or move it away: the next run makes a new one.");
}

TEST(Recorder, Recorder_RefusesAFolderItCannotWrite) {
  EXPECT_EQ(messageOf("/proc/runs.sqlite"),
            "Could not open /proc/runs.sqlite. SQLite says: unable to open database file. Choose a project folder that "
            "exists "
            "and that you may write to.");
}

}  // namespace
}  // namespace netwright::store
