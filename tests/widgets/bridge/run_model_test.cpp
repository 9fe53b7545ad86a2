// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/run_model.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThreadPool>

#include "core/store/database.h"
#include "tests/widgets/bridge/waiting.h"
#include "widgets/bridge/export_job.h"
#include "widgets/bridge/run_table.h"

namespace netwright::bridge {
namespace {

using State = RunModel::State;

class RunModelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    useBuiltPrograms();
    qputenv("XDG_RUNTIME_DIR", temporary.path().toLocal8Bit());
    folder = temporary.filePath("project").toStdString();
    project::createProject(folder, "digits-linear");
  }
  bool reaches(State state) {
    return eventually([&] { return run.state() == state; });
  }
  void start(const char* epochs) { run.start(folder, {}, {{"epochs", epochs}, {"threads", "1"}}); }

  QTemporaryDir temporary;
  std::filesystem::path folder;
  RunModel run;
};

TEST_F(RunModelTest, Train_SeriesAppearAndTheRunFinishes) {
  QSignalSpy points(&run, &RunModel::pointsAdded), epochs(&run, &RunModel::epochFinished),
      ended(&run, &RunModel::ended);
  start("1");
  EXPECT_EQ(run.state(), State::Starting);
  ASSERT_TRUE(reaches(State::Finished)) << run.problem().title.toStdString();
  ASSERT_TRUE(run.started().has_value());
  EXPECT_EQ(run.started()->parameters, 7850);
  EXPECT_EQ(run.started()->trainSamples + run.started()->validationSamples, 60000);
  EXPECT_GT(points.count(), 0);
  EXPECT_EQ(epochs.count(), 1);
  EXPECT_EQ(ended.count(), 1);
  const RunSeries& loss = run.series("loss", "train");
  ASSERT_EQ(static_cast<int64_t>(loss.steps.size()), run.started()->batches) << "every batch has its point";
  EXPECT_EQ(loss.steps.front(), 1);
  EXPECT_LT(loss.values.back(), loss.values.front());
  EXPECT_EQ(run.series("accuracy", "val").values.size(), 1u);
  EXPECT_GT(run.lastValues().at("val/accuracy"), 0.85);
  EXPECT_EQ(run.fraction(), 1);
}

TEST_F(RunModelTest, PauseResumeStop_AreObeyed) {
  start("200");
  ASSERT_TRUE(eventually([&] { return run.progress().step > 0; }));
  ASSERT_TRUE(run.secondsLeft().has_value());
  run.pause();
  ASSERT_TRUE(reaches(State::Paused));
  EXPECT_TRUE(run.isActive());
  const int64_t step = run.progress().step;
  run.resume();
  ASSERT_TRUE(reaches(State::Running));
  ASSERT_TRUE(eventually([&] { return run.progress().step > step; }));
  run.stop();
  EXPECT_EQ(run.state(), State::Stopping);
  ASSERT_TRUE(reaches(State::Stopped));
  EXPECT_FALSE(run.isActive());
  EXPECT_LT(run.fraction(), 1);
}

TEST_F(RunModelTest, KilledEngine_IsAMessageAndTheModelIsUsableAgain) {
  start("200");
  ASSERT_TRUE(eventually([&] { return run.progress().step > 0; }));
  run.kill();
  ASSERT_TRUE(reaches(State::Failed));
  EXPECT_EQ(run.problem().title, "The engine was ended.");
  EXPECT_TRUE(run.problem().why.contains("signal 9")) << run.problem().why.toStdString();
  EXPECT_FALSE(run.problem().next.isEmpty());
  EXPECT_FALSE(run.isActive());
  start("1");
  ASSERT_TRUE(reaches(State::Finished)) << run.problem().title.toStdString();
  EXPECT_TRUE(run.problem().empty());
}

// What a window that is closed leaves, and the next one finds.
TEST_F(RunModelTest, KeptRun_TrainsOnAndIsWatchedFromItsFirstPoint) {
  start("2000");
  ASSERT_TRUE(eventually([&] { return run.progress().step > 0; }));
  const int64_t pid = run.enginePid();
  run.leave();
  EXPECT_EQ(run.state(), State::Idle);
  RunModel next;
  QSignalSpy ended(&next, &RunModel::ended);
  next.attachIfGoing(folder);
  ASSERT_TRUE(eventually([&] { return next.state() == State::Running; })) << next.problem().title.toStdString();
  const int64_t step = next.progress().step;
  ASSERT_TRUE(eventually([&] { return next.progress().step > step && next.lastValues().contains("val/accuracy"); }));
  EXPECT_EQ(next.enginePid(), pid);
  EXPECT_EQ(next.started()->name, "run-1");
  const RunSeries& loss = next.series("loss", "train");
  for (size_t i = 0; i < loss.steps.size(); ++i) ASSERT_EQ(loss.steps[i], static_cast<double>(i + 1));
  next.pause();
  ASSERT_TRUE(eventually([&] { return next.state() == State::Paused; }));
  next.resume();
  ASSERT_TRUE(eventually([&] { return next.state() == State::Running; }));
  next.stop();
  ASSERT_TRUE(eventually([&] { return next.state() == State::Stopped; }));
  EXPECT_EQ(ended.count(), 1);
}

TEST_F(RunModelTest, NothingGoing_NothingHappens) {
  QSignalSpy changed(&run, &RunModel::stateChanged);
  run.attachIfGoing(folder);
  QThreadPool::globalInstance()->waitForDone();
  QCoreApplication::processEvents();
  EXPECT_EQ(changed.count(), 0);
}

TEST_F(RunModelTest, HangingEngine_IsToldEndedAndTheRunGoesOn) {
  qputenv("NETWRIGHT_ENGINE_TIMEOUT", "1");
  start("2000");
  ASSERT_TRUE(eventually([&] { return run.lastValues().contains("val/loss"); }));
  ::kill(static_cast<pid_t>(run.enginePid()), SIGSTOP);
  ASSERT_TRUE(eventually([&] { return run.silence() > 0; }));
  EXPECT_TRUE(run.isActive()) << "it may come back";
  run.kill();
  ASSERT_TRUE(reaches(State::Failed));
  EXPECT_EQ(run.silence(), 0);
  qunsetenv("NETWRIGHT_ENGINE_TIMEOUT");
  ASSERT_TRUE(run.canResumeLost());
  run.resumeLost();
  ASSERT_TRUE(reaches(State::Running)) << run.problem().title.toStdString();
  EXPECT_EQ(run.started()->name, "run-1");
  EXPECT_GT(run.started()->resumedAt, 0);
}

TEST_F(RunModelTest, MissingEngine_IsAMessage) {
  qputenv("NETWRIGHT_ENGINE", "/nowhere/netwright-engine");
  start("1");
  ASSERT_TRUE(reaches(State::Failed));
  EXPECT_FALSE(run.problem().title.isEmpty());
  EXPECT_FALSE(run.isActive());
}

TEST_F(RunModelTest, RefusedSettings_AreAMessageOfTheEngine) {
  run.start(folder, {}, {{"epochs", "0"}});
  ASSERT_TRUE(reaches(State::Failed));
  EXPECT_TRUE(run.problem().title.contains("must be at least 1")) << run.problem().title.toStdString();
}

TEST_F(RunModelTest, RunTable_ListsTheRunWithItsCurve) {
  start("1");
  ASSERT_TRUE(reaches(State::Finished));
  RunTable table;
  table.setProject(folder);
  table.refresh();
  ASSERT_TRUE(eventually([&] { return table.rowCount() == 1; }));
  EXPECT_EQ(table.data(table.index(0, RunTable::Status), Qt::DisplayRole).toString(), "Finished");
  EXPECT_TRUE(table.data(table.index(0, RunTable::Accuracy), Qt::DisplayRole).toString().endsWith(" %"));
  const QModelIndex curve = table.index(0, RunTable::Curve);
  ASSERT_TRUE(eventually([&] { return !table.data(curve, RunTable::CurveRole).value<QVector<double>>().isEmpty(); }));
  QSignalSpy reset(&table, &QAbstractItemModel::modelReset);
  QSignalSpy refreshed(&table, &RunTable::refreshed);
  table.refresh();
  ASSERT_TRUE(eventually([&] { return refreshed.count() == 1; }));
  EXPECT_EQ(reset.count(), 0) << "selections survive a refresh";
}

TEST_F(RunModelTest, Export_WithoutARun_IsRefusedWithAReason) {
  ExportJob job;
  Message problem;
  QObject::connect(&job, &ExportJob::refused, [&](const Message& m) { problem = m; });
  job.check({folder, "latest", convert::findExporter("onnx"), folder / "x.onnx"});
  ASSERT_TRUE(eventually([&] { return !problem.empty(); }));
}

}  // namespace
}  // namespace netwright::bridge
