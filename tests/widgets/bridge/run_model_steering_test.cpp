// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <cmath>

#include "core/project/stored_run.h"
#include "tests/widgets/bridge/waiting.h"
#include "widgets/bridge/run_model.h"

namespace netwright::bridge {
namespace {

using State = RunModel::State;

class SteeringTest : public ::testing::Test {
 protected:
  void SetUp() override {
    useBuiltPrograms();
    qputenv("XDG_RUNTIME_DIR", temporary.path().toLocal8Bit());
    folder = temporary.filePath("project").toStdString();
    project::createProject(folder, "spirals-mlp");
  }
  bool reaches(State state) {
    return eventually([&] { return run.state() == state; });
  }
  bool startsAndPauses(const char* epochs = "100000") {
    run.start(folder, {}, {{"epochs", epochs}, {"threads", "1"}, {"checkpoint_seconds", "0"}});
    if (!eventually([&] { return run.progress().epoch >= 2; })) return false;
    run.pause();
    return reaches(State::Paused);
  }

  QTemporaryDir temporary;
  std::filesystem::path folder;
  RunModel run;
};

TEST_F(SteeringTest, APausedRunStepsABatchAndAnEpoch) {
  ASSERT_TRUE(startsAndPauses());
  const int64_t step = run.progress().step, epoch = run.progress().epoch;
  run.step(false);
  ASSERT_TRUE(eventually([&] { return run.progress().step == step + 1 && run.state() == State::Paused; }))
      << run.progress().step;
  QSignalSpy epochs(&run, &RunModel::epochFinished);
  run.step(true);
  ASSERT_TRUE(eventually([&] { return epochs.count() == 1 && run.state() == State::Paused; }));
  EXPECT_LE(run.progress().epoch, epoch + 1);
  EXPECT_EQ(run.progress().step % run.started()->batches, 0) << "to the end of the epoch";
  run.stop();
  ASSERT_TRUE(reaches(State::Stopped));
}

TEST_F(SteeringTest, TheLearningRateChangesFromTheNextStepOn) {
  ASSERT_TRUE(startsAndPauses());
  const int64_t step = run.progress().step;
  run.setLearningRate(0.0125);
  run.step(false);
  ASSERT_TRUE(eventually([&] { return run.learningRate() == 0.0125; })) << run.learningRate();
  EXPECT_EQ(run.series("lr", "train").steps.back(), static_cast<double>(step + 1));
  QSignalSpy refused(&run, &RunModel::refused);
  run.setLearningRate(-1);
  ASSERT_TRUE(eventually([&] { return refused.count() == 1; }));
  EXPECT_EQ(refused[0][0].value<Message>().title, "The learning rate must be at least 0 but is -1.");
  run.stop();
  ASSERT_TRUE(reaches(State::Stopped));
}

TEST_F(SteeringTest, ACheckpointIsWrittenWhenWished) {
  ASSERT_TRUE(startsAndPauses());
  do {  // into the middle of an epoch
    const int64_t step = run.progress().step;
    run.step(false);
    ASSERT_TRUE(eventually([&] { return run.progress().step == step + 1 && run.state() == State::Paused; }));
  } while (run.progress().batch % run.started()->batches == 0);
  QSignalSpy written(&run, &RunModel::checkpointWritten);
  run.saveCheckpoint();
  ASSERT_TRUE(eventually([&] { return written.count() == 1; }));
  EXPECT_EQ(written[0][0].value<run::CheckpointWritten>().step, run.progress().step);
  run.stop();
  ASSERT_TRUE(reaches(State::Stopped));
}

TEST_F(SteeringTest, AStoppedRunGoesOnInTheSameRecordWithItsCurves) {
  ASSERT_TRUE(startsAndPauses());
  run.stop();
  ASSERT_TRUE(reaches(State::Stopped));
  ASSERT_TRUE(run.canResumeStopped());
  const int64_t id = run.started()->run;
  run.resumeStopped();
  ASSERT_TRUE(eventually([&] { return run.started() && run.started()->resumedAt > 0; }))
      << run.problem().title.toStdString();
  EXPECT_EQ(run.started()->run, id);
  const int64_t from = run.started()->resumedAt;
  ASSERT_TRUE(eventually([&] { return run.progress().step > from; }));
  const RunSeries& loss = run.series("loss", "train");
  for (size_t i = 0; i < loss.steps.size(); ++i)
    ASSERT_EQ(loss.steps[i], static_cast<double>(i + 1)) << "no step is missing and none comes twice";
  run.stop();
  ASSERT_TRUE(reaches(State::Stopped));
}

TEST_F(SteeringTest, ValidationSamplesAreToldAfterEachEpoch) {
  QSignalSpy seen(&run, &RunModel::validationSeen);
  ASSERT_TRUE(startsAndPauses());
  ASSERT_TRUE(run.validation().has_value());
  EXPECT_GE(seen.count(), 1);
  const run::ValidationSeen& v = *run.validation();
  int64_t sum = 0;
  for (const int64_t n : v.confusion) sum += n;
  EXPECT_EQ(sum, run.started()->validationSamples);
  run.stop();
  ASSERT_TRUE(reaches(State::Stopped));
  EXPECT_TRUE(run.validation().has_value()) << "of the last run, too";
}

TEST_F(SteeringTest, NodesAreToldWhileSomebodyWatches) {
  run.watchNodes(true);
  ASSERT_TRUE(startsAndPauses());
  run.step(false);
  ASSERT_TRUE(eventually([&] { return run.nodeStatistics().has_value(); }));
  bool gradients = false;
  for (const auto& n : run.nodeStatistics()->nodes) gradients = gradients || n.gradient > 0;
  EXPECT_TRUE(gradients);
  run.watchNodes(false);
  EXPECT_FALSE(run.nodeStatistics().has_value());
  run.stop();
  ASSERT_TRUE(reaches(State::Stopped));
}

TEST_F(SteeringTest, TheNetworkAnswersBetweenTwoBatches) {
  ASSERT_TRUE(startsAndPauses());
  run.resume();
  ASSERT_TRUE(reaches(State::Running));
  HostTensor point(DType::Float32, {1, 2});
  point.as<float>()[0] = 0.25F;
  QSignalSpy answers(&run, &RunModel::predicted), failures(&run, &RunModel::predictionFailed);
  const int64_t question = run.predict({{"x", point}});
  ASSERT_GT(question, 0);
  ASSERT_TRUE(eventually([&] { return answers.count() + failures.count() == 1; }));
  ASSERT_EQ(failures.count(), 0) << failures[0][1].value<Message>().title.toStdString();
  EXPECT_EQ(answers[0][0].toLongLong(), question);
  run.predict({{"wrong", point}});
  ASSERT_TRUE(eventually([&] { return failures.count() == 1; }));
  EXPECT_EQ(failures[0][1].value<Message>().title, "The input 'x' is missing.");
  EXPECT_EQ(run.state(), State::Running) << "a wrong question does no harm";
  run.stop();
  ASSERT_TRUE(reaches(State::Stopped));
  EXPECT_EQ(run.predict({{"x", point}}), 0);
}

}  // namespace
}  // namespace netwright::bridge
