// SPDX-License-Identifier: Apache-2.0
// Learning rates of every schedule against torch.optim.lr_scheduler, step by step; metrics against scikit-learn.
#include <cmath>
#include <random>

#include "core/run/metric.h"
#include "core/run/schedule.h"
#include "tests/peers/peer.h"

namespace netwright {
namespace {

// A schedule, and PyTorch's: an expression over `o` (the optimiser), `steps` and `per_epoch`.
struct Trial {
  run::Schedule schedule;
  std::string torch;
  bool perEpoch = false;  // PyTorch steps it once an epoch
};

std::vector<Trial> trials() {
  return {
      {{"constant", {}}, "ConstantLR(o, factor=1)"},
      {{"step", {{"step_size", int64_t{3}}, {"gamma", 0.5}}}, "StepLR(o, 3, 0.5)", true},
      {{"cosine", {{"eta_min", 0.001}}}, "CosineAnnealingLR(o, steps, 0.001)"},
      {{"cosine", {{"warmup_steps", int64_t{7}}}},
       "SequentialLR(o, [LambdaLR(o, lambda i: (i + 1) / 7), CosineAnnealingLR(o, steps - 7)], [7])"},
      {{"one_cycle", {}}, "OneCycleLR(o, 0.1, total_steps=steps, cycle_momentum=False)"},
      {{"one_cycle", {{"pct_start", 0.5}, {"div_factor", 10.0}, {"final_div_factor", 100.0}}},
       "OneCycleLR(o, 0.1, total_steps=steps, pct_start=0.5, div_factor=10, final_div_factor=100, "
       "cycle_momentum=False)"},
      {{"plateau", {{"patience", int64_t{1}}, {"factor", 0.5}, {"cooldown", int64_t{1}}}},
       "ReduceLROnPlateau(o, factor=0.5, patience=1, cooldown=1)",
       true},
  };
}

TEST(Schedules, EveryOneIsCompared) {
  for (const run::ScheduleSpec& spec : run::schedules()) {
    const auto all = trials();
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Trial& t) { return t.schedule.kind == spec.id; }))
        << "Add a trial for the schedule '" << spec.id << "'.";
  }
}

TEST(Schedules, FollowTorchStepByStep) {
  constexpr int64_t kEpochs = 10, kPerEpoch = 6;
  const std::vector<double> losses{1.0, 0.8, 0.81, 0.82, 0.83, 0.7, 0.7, 0.7, 0.7, 0.7};
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const Trial& trial : trials()) {
    run::Scheduler scheduler(trial.schedule, 0.1, {kEpochs * kPerEpoch, kPerEpoch});
    std::vector<double> rates;
    for (int64_t epoch = 0; epoch < kEpochs; ++epoch) {
      for (int64_t i = 0; i < kPerEpoch; ++i) rates.push_back(scheduler.rate(epoch * kPerEpoch + i));
      scheduler.epochEnded(losses[static_cast<size_t>(epoch)]);
    }
    cases.push_back({{"torch", trial.torch}, {"per_epoch", trial.perEpoch}, {"rates", rates}});
  }
  writeFileAtomic(folder / "cases.json", Json{{"losses", losses}, {"per_epoch", kPerEpoch}, {"cases", cases}}.dump());
  test::expectPeerAgrees("check_schedules.py", folder.path());
}

TEST(Metrics, EqualScikitLearnInBatchesOfAnySize) {
  const test::TempFolder folder;
  std::mt19937 random(4);
  std::normal_distribution<float> normal;
  constexpr int64_t kSamples = 101, kClasses = 7;
  HostTensor scores(DType::Float32, {kSamples, kClasses}), labels(DType::Int64, {kSamples}),
      outputs(DType::Float32, {kSamples, 1}), targets(DType::Float32, {kSamples, 1});
  for (float& v : scores.as<float>()) v = normal(random);
  for (int64_t& v : labels.as<int64_t>()) v = static_cast<int64_t>(random() % 5);  // two classes never occur
  for (float& v : targets.as<float>()) v = 3 + 2 * normal(random);
  for (size_t i = 0; i < targets.as<float>().size(); ++i)
    outputs.as<float>()[i] = targets.as<float>()[i] + 0.5F * normal(random);
  const auto part = [](const HostTensor& t, int64_t from, int64_t count) {
    std::vector<int64_t> shape = t.shape;
    shape[0] = count;
    HostTensor out(t.dtype, shape);
    const size_t row = t.bytes.size() / static_cast<size_t>(t.shape[0]);
    std::copy_n(t.bytes.begin() + static_cast<long>(row * static_cast<size_t>(from)), out.bytes.size(),
                out.bytes.begin());
    return out;
  };
  Json values = Json::object();
  for (const run::MetricSpec& spec : run::metrics()) {
    const bool classes = spec.task == run::Task::Classes;
    auto metric = spec.make();
    for (int64_t from = 0, size = 1; from < kSamples;
         from += size, size = std::min<int64_t>(size + 7, kSamples - from)) {
      metric->add({part(classes ? scores : outputs, from, size), part(classes ? labels : targets, from, size)});
      auto resumed = spec.make();  // as after a checkpoint in the middle
      resumed->restore(metric->state());
      metric = std::move(resumed);
      if (from + size >= kSamples) break;
    }
    values[spec.id] = metric->value();
  }
  writeFileAtomic(folder / "values.json", values.dump());
  writeFileAtomic(
      folder / "data.safetensors",
      safetensorsBytes({{"scores", scores}, {"labels", labels}, {"outputs", outputs}, {"targets", targets}}));
  test::expectPeerAgrees("check_metrics.py", folder.path());
}

// Labels that are ignored, and scores of pixels: (N, C, H, W) against (N, H, W).
TEST(Metrics, AccuracyOfPixelsLeavesIgnoredOnesOut) {
  HostTensor scores(DType::Float32, {1, 2, 1, 3}), labels(DType::Int64, {1, 1, 3});
  const float values[] = {0, 1, 0, 1, 0, 1};  // class 1 wins at places 0 and 2
  std::copy(std::begin(values), std::end(values), scores.as<float>().begin());
  const int64_t wanted[] = {1, 1, 9};
  std::copy(std::begin(wanted), std::end(wanted), labels.as<int64_t>().begin());
  const auto accuracy = run::findMetric("accuracy")->make();
  accuracy->add({scores, labels, 9});
  EXPECT_EQ(accuracy->value(), 0.5);
}

}  // namespace
}  // namespace netwright
