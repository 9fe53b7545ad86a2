// SPDX-License-Identifier: Apache-2.0
#include "core/train/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "core/base/file.h"
#include "core/project/stored_run.h"
#include "tests/support/digits.h"
#include "tests/support/graphs.h"
#include "tests/support/temp_folder.h"

namespace netwright::train {
namespace {

using ::testing::HasSubstr;

// Runs a session to its end and keeps all events. `onEvent` may steer it.
struct Recording {
  std::vector<run::EventBody> events;
  template <class T>
  std::vector<T> all() const {
    std::vector<T> found;
    for (const auto& e : events)
      if (const auto* x = std::get_if<T>(&e)) found.push_back(*x);
    return found;
  }
  std::vector<std::string> states() const {
    std::vector<std::string> names;
    for (const auto& s : all<run::StateChanged>()) names.push_back(run::name(s.state));
    return names;
  }
};

Recording record(const std::filesystem::path& folder, const project::Project& p,
                 const std::function<void(Session&, const run::EventBody&)>& onEvent = {}) {
  Recording recording;
  Session* self = nullptr;
  Session session({folder, p, ""}, [&](run::EventBody event) {
    recording.events.push_back(event);
    if (onEvent) onEvent(*self, event);
  });
  self = &session;
  session.run();
  return recording;
}

TEST(Session, TrainsRecordsAndKeepsCheckpoints) {
  const test::TempFolder folder;
  const project::Project p = test::makeTinyProject(folder.path());
  const Recording r = record(folder.path(), p);
  EXPECT_THAT(r.states(), ::testing::ElementsAre("preparing", "running", "finished"));
  ASSERT_EQ(r.all<run::EpochFinished>().size(), 2u);
  EXPECT_EQ(r.all<run::RunStarted>()[0].trainSamples, 96);
  EXPECT_EQ(r.all<run::RunStarted>()[0].validationSamples, 24);
  EXPECT_EQ(r.all<run::EpochFinished>()[1].step, 12);
  const auto finished = r.all<run::Finished>();
  ASSERT_EQ(finished.size(), 1u);
  EXPECT_GT(finished[0].values.at("val/accuracy"), 0.5);

  store::Database database(project::databaseFile(folder.path()));
  const auto run = database.findRun("latest").value();
  EXPECT_EQ(run.status, store::RunStatus::Finished);
  EXPECT_EQ(run.name, "run-1");
  EXPECT_EQ(run.epochs, 2);
  EXPECT_EQ(database.series(run.id, "loss", "train").size(), 12u);
  EXPECT_EQ(database.series(run.id, "accuracy", "val").size(), 2u);
  EXPECT_EQ(database.checkpoints(run.id).size(), 2u);
  const project::StoredRun stored = project::openRun(folder.path(), "run-1");
  EXPECT_EQ(stored.project, p);
  EXPECT_EQ(stored.checkpoint.step, 12);
  EXPECT_EQ(stored.checkpoint.weights.size(), 9u);
  EXPECT_FALSE(stored.checkpoint.optimiser.empty());
}

TEST(Session, SameSeedSameBytes) {
  std::vector<std::string> files;
  for (int i = 0; i < 2; ++i) {
    const test::TempFolder folder;
    record(folder.path(), test::makeTinyProject(folder.path()));
    files.push_back(readFile(folder.path() / "artifacts/run-1/epoch-2.safetensors"));
  }
  EXPECT_EQ(files[0], files[1]);
}

TEST(Session, PausesAndGoesOnWithTheSameNumbers) {
  const test::TempFolder plain, paused;
  record(plain.path(), test::makeTinyProject(plain.path()));
  std::jthread resumer;
  bool once = false;
  const Recording r =
      record(paused.path(), test::makeTinyProject(paused.path()), [&](Session& s, const run::EventBody& e) {
        if (std::holds_alternative<run::EpochFinished>(e) && !once) {
          once = true;
          s.pause();
        }
        if (const auto* state = std::get_if<run::StateChanged>(&e); state && state->state == run::RunState::Paused)
          resumer = std::jthread([&s] { s.resume(); });
      });
  EXPECT_THAT(r.states(), ::testing::ElementsAre("preparing", "running", "paused", "running", "finished"));
  EXPECT_EQ(readFile(plain.path() / "artifacts/run-1/epoch-2.safetensors"),
            readFile(paused.path() / "artifacts/run-1/epoch-2.safetensors"));
}

TEST(Session, StopsAfterTheBatchWithACheckpoint) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.run.epochs = 1000;
  const Recording r = record(folder.path(), p, [](Session& s, const run::EventBody& e) {
    if (std::holds_alternative<run::EpochFinished>(e)) s.stop();
  });
  ASSERT_EQ(r.all<run::Finished>().size(), 1u);
  EXPECT_TRUE(r.all<run::Finished>()[0].stopped);
  EXPECT_EQ(r.all<run::CheckpointWritten>().back().path, "artifacts/run-1/step-6.safetensors");
  store::Database database(project::databaseFile(folder.path()));
  EXPECT_EQ(database.findRun("latest")->status, store::RunStatus::Killed);
}

std::string failure(const std::filesystem::path& folder, const project::Project& p) {
  const Recording r = record(folder, p);
  const auto failed = r.all<run::Failed>();
  return failed.size() == 1 ? failed[0].what : "did not fail";
}

TEST(Session, RefusesALastBatchThatBatchNormCannotTake) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.graph = test::chain({1, 8, 8}, {{"conv2d", "conv", {{"kernel_size", int64_t{8}}}},
                                    {"batch_norm2d", "bn", {}},
                                    {"flatten", "f", {}},
                                    {"linear", "fc", {{"out_features", int64_t{4}}}}});
  p.run.batchSize = 19;  // 96 training samples: five batches and one sample
  EXPECT_EQ(failure(folder.path(), p),
            "The last batch of each epoch has 1 sample (96 samples, batch size 19), and BatchNorm2d 'bn' needs at "
            "least 2 in training. Drop the last batch, or choose another batch size.");
  p.run.dropLast = true;
  EXPECT_EQ(record(folder.path(), p).states().back(), "finished");
}

TEST(Session, NamesALabelOutOfRangeByItsSample) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  project::setByName(p, "fc.out_features", "3");
  EXPECT_THAT(failure(folder.path(), p),
              HasSubstr("has the label 3, but Cross entropy on 'y' gives scores for 3 classes (0 to 2). Set the last "
                        "layer to at least 4 outputs, or correct the label."));
}

TEST(Session, RefusesABrokenGraphBeforeItStarts) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  project::setByName(p, "fc.in_features", "10");
  EXPECT_EQ(failure(folder.path(), p), "Linear 'fc' expects 10 input features but receives 144.");
  EXPECT_FALSE(std::filesystem::exists(project::databaseFile(folder.path())));
}

TEST(Session, RefusesDataOfAnotherSize) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  project::setByName(p, "x.shape", "1, 9, 9");
  EXPECT_EQ(failure(folder.path(), p), "Input 'x' expects samples of (1, 9, 9) but column 'image' has (1, 8, 8).");
}

TEST(Session, EndsWhenTheLossIsNoNumber) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.run.objectives[0].optimiser = {"sgd", {{"lr", 1e30}}};
  EXPECT_THAT(failure(folder.path(), p),
              HasSubstr("Lower the learning rate (1e+30), or look for extreme values in the data."));
  store::Database database(project::databaseFile(folder.path()));
  EXPECT_EQ(database.findRun("latest")->status, store::RunStatus::Failed);
}

}  // namespace
}  // namespace netwright::train
