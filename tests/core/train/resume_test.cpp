// SPDX-License-Identifier: Apache-2.0
#include "core/train/resume.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/run/schedule_spec.h"
#include "core/store/database.h"
#include "tests/core/train/recording.h"
#include "tests/support/digits.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::train {
namespace {

using ::testing::HasSubstr;

TEST(Resume, GoesOnToTheSameBytesFromAnyBatch) {
  const test::TempFolder whole;
  record(whole.path(), test::makeTinyProject(whole.path()));
  for (const int64_t batches : {0, 1, 4, 6, 7, 11}) {
    const test::TempFolder cut;
    record(cut.path(), test::makeTinyProject(cut.path()), stopAfter(batches));
    const Recording r = resume(cut.path());
    EXPECT_EQ(r.all<run::RunStarted>()[0].resumedAt, batches);
    EXPECT_EQ(weightsOf(cut.path()), weightsOf(whole.path())) << "cut after " << batches << " batches";
    store::Database a(project::databaseFile(whole.path())), b(project::databaseFile(cut.path()));
    for (const auto& [key, context] :
         {std::pair("loss", "train"), std::pair("accuracy", "train"), std::pair("loss", "val")}) {
      const auto expected = a.series({1}, key, context), found = b.series({1}, key, context);
      EXPECT_EQ(found.steps, expected.steps) << key << " cut after " << batches;
      EXPECT_EQ(found.values, expected.values) << key << " cut after " << batches;
    }
    EXPECT_EQ(b.findRun("latest")->status, store::RunStatus::Finished);
  }
}

TEST(Resume, GoesOnWithEveryOptimiserScheduleAndAccumulation) {
  using run::Objective;
  std::vector<Objective> objectives(5);
  objectives[0].optimiser = {"sgd", {{"lr", 0.05}, {"momentum", 0.9}, {"dampening", 0.1}}};
  objectives[0].schedule = {"cosine", {{"warmup_steps", int64_t{3}}}};
  objectives[1].optimiser = {"rmsprop", {{"centered", true}, {"momentum", 0.5}}};
  objectives[1].schedule = {"plateau", {{"patience", int64_t{0}}, {"threshold", 0.9}}};
  objectives[2].optimiser = {"adamw", {{"amsgrad", true}}};
  objectives[2].schedule = {"one_cycle", {}};
  objectives[2].clipNorm = 0.5;
  objectives[3].accumulate = 4;
  objectives[3].schedule = {"step", {{"step_size", int64_t{1}}}};
  objectives[4].groups = {{"*.bias", {{"lr", 0.001}, {"weight_decay", 0.0}}}};
  objectives[4].clipValue = 0.01;
  for (const run::OptimiserSpec& spec : run::optimisers()) {
    objectives.emplace_back().optimiser = {spec.id, {}};
    if (spec.findParam("amsgrad")) objectives.back().optimiser.params["amsgrad"] = true;
    objectives.back().schedule = run::scheduleFromText(spec.hasMomentum() ? "one_cycle" : "exponential(interval=step)");
  }
  for (const char* search : {"none", "strong_wolfe"}) {
    objectives.emplace_back().optimiser = {
        "lbfgs", {{"max_iter", int64_t{3}}, {"lr", 0.1}, {"line_search_fn", std::string(search)}}};
    objectives.back().clipNorm = 0.5;
  }
  for (const run::ScheduleSpec& spec : run::schedules()) {
    objectives.emplace_back().schedule = {spec.id, {}, {}, run::partsFromText(spec.usualParts)};
    if (spec.findParam("milestones")) objectives.back().schedule.params["milestones"] = int64_t{1};
  }
  for (const Objective& o : objectives) {
    const test::TempFolder whole, cut;
    const auto make = [&](const std::filesystem::path& folder) {
      project::Project p = test::makeTinyProject(folder);
      p.run.objectives = {o};
      p.run.epochs = 3;
      return p;
    };
    record(whole.path(), make(whole.path()));
    record(cut.path(), make(cut.path()), stopAfter(o.accumulate > 1 ? 3 : 8));  // a step is a whole group of batches
    resume(cut.path());
    EXPECT_EQ(weightsOf(cut.path()), weightsOf(whole.path())) << o.optimiser.kind << " " << run::text(o.schedule);
  }
}

TEST(Resume, StartsAgainWhereThereIsNoCheckpoint) {
  const test::TempFolder whole, lost;
  record(whole.path(), test::makeTinyProject(whole.path()));
  record(lost.path(), test::makeTinyProject(lost.path()), stopAfter(3));
  std::filesystem::remove_all(lost.path() / "artifacts");
  resume(lost.path());
  EXPECT_EQ(weightsOf(lost.path()), weightsOf(whole.path()));
}

TEST(Resume, GivesAFinishedRunMoreEpochs) {
  const test::TempFolder whole, more;
  project::Project p = test::makeTinyProject(whole.path());
  p.run.epochs = 4;
  record(whole.path(), p);
  record(more.path(), test::makeTinyProject(more.path()));
  EXPECT_EQ(test::messageOf([&] { resume(more.path()); }),
            "The run 'run-1' has finished its 2 epochs. Let it go on with more: --epochs 7.");
  resume(more.path(), {{"epochs", "4"}});
  EXPECT_EQ(weightsOf(more.path()), weightsOf(whole.path()));
}

TEST(Resume, RefusesARunThatStillTrains) {
  const test::TempFolder folder;
  std::string message;
  record(folder.path(), test::makeTinyProject(folder.path()), [&](Session&, const run::EventBody& e) {
    if (std::holds_alternative<run::EpochFinished>(e))
      message = test::messageOf([&] { resumeOptions({folder.path().string(), "latest", {}}); });
  });
  EXPECT_THAT(message, ::testing::StartsWith("The run 'run-1' is still training."));
}

TEST(Resume, NamesADamagedTensor) {
  const test::TempFolder folder;
  record(folder.path(), test::makeTinyProject(folder.path()), stopAfter(3));
  const auto file = folder.path() / "artifacts/run-1/step-3.safetensors";
  std::string bytes = readFile(file);
  bytes[bytes.size() - 5] = static_cast<char>(bytes[bytes.size() - 5] ^ 1);
  writeFileAtomic(file, bytes);
  EXPECT_THAT(test::messageOf([&] { resume(folder.path()); }), HasSubstr("is damaged: the tensor"));
}

TEST(Resume, RefusesACheckpointOfAnotherGraph) {
  const test::TempFolder folder;
  record(folder.path(), test::makeTinyProject(folder.path()), stopAfter(3));
  SessionOptions options = resumeOptions({folder.path().string(), "latest", {}});
  project::setByName(options.project, "fc.out_features", "5");
  const Recording r = recordOf(std::move(options));
  ASSERT_EQ(r.all<run::Failed>().size(), 1u);
  EXPECT_EQ(r.all<run::Failed>()[0].what, "The checkpoint of run 'run-1' belongs to another graph.");
}

}  // namespace
}  // namespace netwright::train
