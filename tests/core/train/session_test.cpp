// SPDX-License-Identifier: Apache-2.0
#include "core/train/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <thread>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/safetensors.h"
#include "core/project/stored_run.h"
#include "core/train/loop.h"
#include "core/train/resume.h"
#include "tests/core/train/recording.h"
#include "tests/support/digits.h"
#include "tests/support/graphs.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::train {
namespace {

using ::testing::HasSubstr;

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
  EXPECT_EQ(stored.checkpoint.position.step, 12);
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

TEST(Session, RefusesMoreClassesThanScores) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  project::setByName(p, "fc.out_features", "3");
  EXPECT_EQ(failure(folder.path(), p),
            "The column 'label' has 4 classes (0, 1, 2, 3), but Cross entropy on 'y' gets scores for 3. Give the last "
            "layer 4 outputs.");
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

TEST(Session, PausesWhenTheLossIsNoNumberAndKeepsTheStateBefore) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.run.objectives[0].optimiser = {"sgd", {{"lr", 1e30}}};
  const Recording r = record(folder.path(), p, [](Session& s, const run::EventBody& e) {
    if (std::holds_alternative<run::Trouble>(e)) s.stop();
  });
  const auto troubles = r.all<run::Trouble>();
  ASSERT_EQ(troubles.size(), 1u);
  EXPECT_THAT(troubles[0].what, HasSubstr("at step 2 (epoch 1). Lower the learning rate (1e+30), or look for extreme "
                                          "values in the data."));
  EXPECT_THAT(troubles[0].why, HasSubstr("is the first whose result is not finite"));
  EXPECT_FALSE(troubles[0].node.empty());
  store::Database database(project::databaseFile(folder.path()));
  EXPECT_EQ(database.findRun("latest")->status, store::RunStatus::Failed);
  EXPECT_EQ(project::openRun(folder.path(), "latest").checkpoint.position.step, 1);
}

TEST(Session, NamesTheSampleThatIsNoNumber) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.data.transforms = {{"to_float", {}}, {"normalize", {{"mean", 0.0}, {"std", 1e-45}}}};
  const Recording r = record(folder.path(), p, [](Session& s, const run::EventBody& e) {
    if (std::holds_alternative<run::Trouble>(e)) s.stop();
  });
  ASSERT_EQ(r.all<run::Trouble>().size(), 1u);
  EXPECT_THAT(r.all<run::Trouble>()[0].why, HasSubstr("holds a value that is not finite in 'x'."));
}

// As a full disk: a file stands where the folder of checkpoints should be.
TEST(Session, PausesWhenACheckpointCannotBeWrittenAndGoesOnWhenItCan) {
  const test::TempFolder whole, folder;
  record(whole.path(), test::makeTinyProject(whole.path()));
  const auto inTheWay = folder.path() / "artifacts/run-1";
  const Recording r =
      record(folder.path(), test::makeTinyProject(folder.path()), [&](Session& s, const run::EventBody& e) {
        if (std::holds_alternative<run::RunStarted>(e)) writeFileAtomic(inTheWay, "");
        if (const auto* state = std::get_if<run::StateChanged>(&e); state && state->state == run::RunState::Paused) {
          std::filesystem::remove(inTheWay);
          s.resume();
        }
      });
  ASSERT_EQ(r.all<run::Trouble>().size(), 1u);
  EXPECT_EQ(r.all<run::Trouble>()[0].what, "The checkpoint could not be written.");
  EXPECT_FALSE(r.all<run::Trouble>()[0].inputError);
  EXPECT_THAT(r.all<run::Trouble>()[0].next, HasSubstr("then resume; the run has lost nothing."));
  EXPECT_THAT(r.states(), ::testing::ElementsAre("preparing", "running", "paused", "running", "finished"));
  EXPECT_EQ(weightsOf(folder.path()), weightsOf(whole.path()));
}

TEST(Session, KeepsTheBestAndTheNewestCheckpointWhereToldTo) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.run.epochs = 5;
  p.run.keepBest = p.run.keepLast = 1;
  record(folder.path(), p);
  store::Database database(project::databaseFile(folder.path()));
  const auto kept = database.checkpoints({1});
  ASSERT_GE(kept.size(), 1u);
  EXPECT_LE(kept.size(), 2u);
  EXPECT_EQ(kept.back().epoch, 5);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "artifacts/run-1"))
    files += entry.path().extension() == ".safetensors";
  EXPECT_EQ(files, static_cast<int>(kept.size()));
}

TEST(Session, RecordsWhatItWasTrainedOn) {
  const test::TempFolder folder;
  record(folder.path(), test::makeTinyProject(folder.path()));
  store::Database database(project::databaseFile(folder.path()));
  const auto used = database.datasets({1});
  ASSERT_EQ(used.size(), 3u);
  for (const store::DatasetUse& d : used) EXPECT_EQ(d.digest, used.front().digest);
  EXPECT_EQ(used.front().digest.size(), 64u);
  const Json profile = Json::parse(used.front().profile);
  EXPECT_EQ(profile.at("samples"), 96);
  const Json& label = profile.at("columns").at(1);
  int64_t labelled = 0;
  for (const auto& [name, count] : label.at("classes").items()) labelled += count.get<int64_t>();
  EXPECT_EQ(labelled, 96);
  EXPECT_THAT(database.systemKeys({1}), ::testing::Contains("memory_bytes"));  // what the engine itself costs
  const store::Series memory = database.systemSeries({1}, "memory_bytes");
  ASSERT_GE(memory.size(), 1u);
  EXPECT_GT(memory.values.front(), 50e6);
}

TEST(Session, RecordsHowWeightsAreSpread) {
  const test::TempFolder folder;
  const project::Project p = test::makeTinyProject(folder.path());
  record(folder.path(), p, stopAfter(8));  // in the second epoch
  store::Database database(project::databaseFile(folder.path()));
  const auto keys = database.histogramKeys({1});
  EXPECT_THAT(keys, ::testing::Contains("fc.weight"));
  EXPECT_THAT(keys, ::testing::Not(::testing::Contains(HasSubstr("running_mean")))) << "no parameter";
  for (const std::string& key : keys) {
    const auto rows = database.histograms({1}, key);
    ASSERT_EQ(rows.size(), 1u) << key;
    EXPECT_EQ(rows[0].step, 6);
    const auto stored = project::openRun(folder.path(), "latest").checkpoint.weights;
    const auto weight = std::find_if(stored.begin(), stored.end(), [&](const auto& t) { return t.name == key; });
    EXPECT_EQ(std::accumulate(rows[0].counts.begin(), rows[0].counts.end(), int64_t{0}), weight->tensor.count()) << key;
  }
  resume(folder.path());
  EXPECT_EQ(store::Database(project::databaseFile(folder.path())).histograms({1}, "fc.weight").size(), 2u);
}

TEST(Session, RefusesANameThatIsTaken) {
  const test::TempFolder folder;
  const project::Project p = test::makeTinyProject(folder.path());
  recordOf({folder.path(), p, "first", {}});
  const auto before = weightsOf(folder.path());
  const auto failed = recordOf({folder.path(), p, "first", {}}).all<run::Failed>();
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].what, "There is a run 'first' already: id 1.");
  EXPECT_EQ(failed[0].next, "Choose another name, or leave it out.");
  EXPECT_EQ(weightsOf(folder.path()), before);
}

TEST(Session, ChangesTheLearningRateInFlight) {
  const test::TempFolder folder;
  const Recording r =
      record(folder.path(), test::makeTinyProject(folder.path()), [](Session& s, const run::EventBody& e) {
        if (std::holds_alternative<run::EpochFinished>(e)) s.setLearningRate(0, 0);
      });
  store::Database database(project::databaseFile(folder.path()));
  EXPECT_EQ(database.series({1}, "lr", "train").values, (std::vector<double>{0.01, 0}));
  EXPECT_EQ(database.series({1}, "lr", "train").steps, (std::vector<int64_t>{1, 7}));
  EXPECT_EQ(run::readCheckpoint(folder.path() / "artifacts/run-1/epoch-1.safetensors").weights[0].tensor,
            run::readCheckpoint(folder.path() / "artifacts/run-1/epoch-2.safetensors").weights[0].tensor);
}

TEST(Session, StepsABatchAndAnEpoch) {
  const test::TempFolder folder;
  std::vector<int64_t> steps;
  int pauses = 0;
  record(folder.path(), test::makeTinyProject(folder.path()), [&](Session& s, const run::EventBody& e) {
    if (const auto* p = std::get_if<run::Progress>(&e)) steps.push_back(p->step);
    const auto* state = std::get_if<run::StateChanged>(&e);
    if (!state) return;
    if (state->state == run::RunState::Preparing) s.pause();
    if (state->state != run::RunState::Paused) return;
    ++pauses;
    if (pauses == 1) return s.step(false);
    if (pauses == 2) return s.step(true);
    s.resume();
  });
  EXPECT_EQ(pauses, 3);
  EXPECT_THAT(steps, ::testing::IsSupersetOf({0, 1, 6, 12}));
}

TEST(Session, SavesEvaluatesAndPredictsWhilePaused) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  std::map<std::string, double> values;
  std::vector<NamedTensor> outputs;
  const Recording r = record(folder.path(), p, [&](Session& s, const run::EventBody& e) {
    const auto* state = std::get_if<run::StateChanged>(&e);
    if (!state) return;
    if (state->state == run::RunState::Preparing) s.pause();
    if (state->state != run::RunState::Paused) return;
    s.saveCheckpoint();
    s.between([&](Loop* loop) { values = loop->evaluate("test"); });
    s.between([&](Loop* loop) {
      outputs = loop->predict({{"x", HostTensor(DType::Float32, {2, 1, 8, 8})}});
      s.resume();
    });
  });
  EXPECT_EQ(r.all<run::CheckpointWritten>()[0].path, "artifacts/run-1/step-0.safetensors");
  EXPECT_TRUE(values.contains("accuracy"));
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(outputs[0].tensor.shape, (std::vector<int64_t>{2, 4}));
}

TEST(Session, EndsEarlyWithoutProgress) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.run.epochs = 50;
  p.run.patience = 2;
  p.run.objectives[0].optimiser.params["lr"] = 0.0;
  const Recording r = record(folder.path(), p);
  EXPECT_LT(r.all<run::EpochFinished>().size(), 10u);
  EXPECT_FALSE(r.all<run::Finished>()[0].stopped);
}

TEST(Session, StartsFromTheWeightsOfAStoredRun) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  record(folder.path(), p);
  p.run.start = "run:run-1";
  p.run.objectives[0].optimiser.params["lr"] = 0.0;
  record(folder.path(), p);
  EXPECT_EQ(project::openRun(folder.path(), "run-1").checkpoint.weights[0].tensor,
            project::openRun(folder.path(), "run-2").checkpoint.weights[0].tensor);
  p.graph = test::chain({1, 8, 8}, {{"flatten", "f", {}}, {"linear", "fc", {{"out_features", int64_t{4}}}}});
  EXPECT_EQ(failure(folder.path(), p), "The checkpoint of run 'run-1' belongs to another graph.");
}

// A file that lacks the head: what is there is taken, the rest starts as initialised.
TEST(Session, StartsFromAFileThatLacksSomeWeights) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.run.objectives[0].optimiser.params["lr"] = 0.0;
  record(folder.path(), p);
  const auto fresh = project::openRun(folder.path(), "run-1").checkpoint.weights;
  std::vector<NamedTensor> file;
  for (const NamedTensor& w : fresh)
    if (w.name.starts_with("conv.")) {
      file.push_back(w);
      for (float& v : file.back().tensor.as<float>()) v = 0.25f;
    }
  writeFileAtomic(folder / "some.safetensors", safetensorsBytes(file));
  p.run.start = "file:some.safetensors";
  record(folder.path(), p);
  const auto began = project::openRun(folder.path(), "run-2").checkpoint.weights;
  for (size_t i = 0; i < began.size(); ++i) {
    if (began[i].name.starts_with("bn.")) continue;  // its statistics follow the data
    const bool given = began[i].name.starts_with("conv.");
    EXPECT_EQ(began[i].tensor == fresh[i].tensor, !given) << began[i].name;
    if (given) {
      EXPECT_EQ(began[i].tensor.as<float>()[0], 0.25f);
    }
  }
  const auto events = store::Database(project::databaseFile(folder.path())).events({2});
  EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const store::EventRow& e) {
    return e.text == "2 of 9 weights are those of some.safetensors.";
  }));
  writeFileAtomic(folder / "some.safetensors", safetensorsBytes({{"other", file[0].tensor}}));
  EXPECT_EQ(failure(folder.path(), p), "some.safetensors holds no weight of this network.");
}

// Two objectives take turns; each trains its own half.
TEST(Session, TrainsSeveralObjectives) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  run::Objective conv, fc;
  conv.parameters = "conv.*";
  conv.optimiser = {"sgd", {{"lr", 0.0}}};
  fc.parameters = "fc.*";
  fc.every = 2;
  p.run.objectives = {conv, fc};
  record(folder.path(), p);
  const auto first = run::readCheckpoint(folder.path() / "artifacts/run-1/epoch-1.safetensors").weights;
  const auto last = run::readCheckpoint(folder.path() / "artifacts/run-1/epoch-2.safetensors").weights;
  for (size_t i = 0; i < first.size(); ++i) {
    const bool same = first[i].tensor == last[i].tensor;
    if (first[i].name.starts_with("bn.")) continue;
    EXPECT_EQ(same, first[i].name.starts_with("conv.")) << first[i].name;
  }
}

TEST(Session, TrainsInBf16) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.run.precision = "bf16";
  p.run.epochs = 4;
  const Recording r = record(folder.path(), p);
  ASSERT_EQ(r.all<run::Finished>().size(), 1u);
  EXPECT_GT(r.all<run::Finished>()[0].values.at("val/accuracy"), 0.5);
}

}  // namespace
}  // namespace netwright::train
