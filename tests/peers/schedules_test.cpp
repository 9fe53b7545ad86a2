// SPDX-License-Identifier: Apache-2.0
// Learning rates of every schedule against torch.optim.lr_scheduler, step by step; metrics against scikit-learn.
#include <cmath>
#include <random>

#include "core/run/metric.h"
#include "core/run/schedule_spec.h"
#include "tests/peers/peer.h"

namespace netwright {
namespace {

// A schedule as text, and PyTorch's: an expression over `o` (the optimiser), `steps`, `epochs` and `per_epoch`.
struct Trial {
  std::string schedule, torch;
  bool perEpoch = false;  // PyTorch steps it once an epoch
};

std::vector<Trial> trials() {
  return {
      {"constant", "ConstantLR(o, factor=1)"},
      {"constant_factor", "ConstantLR(o)", true},
      {"constant_factor(factor=0.2, total_iters=3, interval=step)", "ConstantLR(o, 0.2, 3)"},
      {"linear", "LinearLR(o)", true},
      {"linear(start_factor=0.1, end_factor=0.5, total_iters=7, interval=step)", "LinearLR(o, 0.1, 0.5, 7)"},
      {"linear(start_factor=1, end_factor=0.1, total_iters=0)", "LinearLR(o, 1.0, 0.1, epochs)", true},
      {"exponential(gamma=0.7)", "ExponentialLR(o, 0.7)", true},
      {"exponential(gamma=0.99, interval=step)", "ExponentialLR(o, 0.99)"},
      {"step(step_size=3, gamma=0.5)", "StepLR(o, 3, 0.5)", true},
      {"step(step_size=7, gamma=0.9, interval=step)", "StepLR(o, 7, 0.9)"},
      {"multi_step(milestones=(2, 5, 5, 8), gamma=0.5)", "MultiStepLR(o, [2, 5, 5, 8], 0.5)", true},
      {"multi_step(milestones=(0, 30), interval=step)", "MultiStepLR(o, [0, 30])"},
      {"polynomial", "PolynomialLR(o)", true},
      {"polynomial(total_iters=0, power=2, interval=step)", "PolynomialLR(o, steps, 2.0)"},
      {"cosine(eta_min=0.001)", "CosineAnnealingLR(o, steps, 0.001)"},
      {"cosine(T_max=4, eta_min=0.01, interval=epoch)", "CosineAnnealingLR(o, 4, 0.01)", true},
      {"cosine(warmup_steps=7)",
       "SequentialLR(o, [LambdaLR(o, lambda i: (i + 1) / 7), CosineAnnealingLR(o, steps - 7)], [7])"},
      {"cosine_restarts(T_0=3)", "CosineAnnealingWarmRestarts(o, 3)", true},
      {"cosine_restarts(T_0=5, T_mult=2, eta_min=0.01, interval=step)", "CosineAnnealingWarmRestarts(o, 5, 2, 0.01)"},
      {"cyclic(max_lr=0.5, step_size_up=8)", "CyclicLR(o, 0.1, 0.5, 8)"},
      {"cyclic(max_lr=0.5, step_size_up=4, step_size_down=9, mode=triangular2, base_momentum=0.6, max_momentum=0.7)",
       "CyclicLR(o, 0.1, 0.5, 4, 9, 'triangular2', base_momentum=0.6, max_momentum=0.7)"},
      {"cyclic(max_lr=0.5, step_size_up=4, mode=exp_range, gamma=0.97, cycle_momentum=false)",
       "CyclicLR(o, 0.1, 0.5, 4, mode='exp_range', gamma=0.97, cycle_momentum=False)"},
      {"one_cycle", "OneCycleLR(o, 0.1, total_steps=steps)"},
      {"one_cycle(pct_start=0.5, div_factor=10, final_div_factor=100, cycle_momentum=false)",
       "OneCycleLR(o, 0.1, total_steps=steps, pct_start=0.5, div_factor=10, final_div_factor=100, "
       "cycle_momentum=False)"},
      {"one_cycle(three_phase=true, anneal_strategy=linear, base_momentum=0.5, max_momentum=0.99)",
       "OneCycleLR(o, 0.1, total_steps=steps, three_phase=True, anneal_strategy='linear', base_momentum=0.5, "
       "max_momentum=0.99)"},
      {"plateau(patience=1, factor=0.5, cooldown=1)", "ReduceLROnPlateau(o, factor=0.5, patience=1, cooldown=1)", true},
      {"plateau(patience=0, mode=max, threshold_mode=abs, threshold=0.1, min_lr=0.02, eps=0.03)",
       "ReduceLROnPlateau(o, 'max', patience=0, threshold_mode='abs', threshold=0.1, min_lr=0.02, eps=0.03)", true},
      {"plateau(patience=0, factor=0.3, min_lr=0.02)", "ReduceLROnPlateau(o, factor=0.3, patience=0, min_lr=0.02)",
       true},
      {"chained(constant_factor(factor=0.1, total_iters=3), exponential(gamma=0.9))",
       "ChainedScheduler([ConstantLR(o, 0.1, 3), ExponentialLR(o, 0.9)])", true},
      {"chained(linear(total_iters=9), cosine(T_max=20, eta_min=0.01), step(step_size=11, gamma=0.5), interval=step)",
       "ChainedScheduler([LinearLR(o, total_iters=9), CosineAnnealingLR(o, 20, 0.01), StepLR(o, 11, 0.5)])"},
      {"chained(one_cycle, exponential(gamma=0.98), interval=step)",
       "ChainedScheduler([OneCycleLR(o, 0.1, total_steps=steps), ExponentialLR(o, 0.98)])"},
      {"chained(sequential(linear(total_iters=4), exponential(gamma=0.9), milestones=4), multi_step(milestones=6))",
       "ChainedScheduler([SequentialLR(o, [LinearLR(o, total_iters=4), ExponentialLR(o, 0.9)], [4]), "
       "MultiStepLR(o, [6])])",
       true},
      {"sequential(linear(start_factor=0.1), cosine, milestones=5)",
       "SequentialLR(o, [LinearLR(o, 0.1), CosineAnnealingLR(o, epochs - 5)], [5])", true},
      {"sequential(constant_factor(total_iters=4), polynomial(total_iters=0), exponential(gamma=0.9), "
       "step(step_size=5), "
       "milestones=(5, 20, 35), interval=step)",
       "SequentialLR(o, [ConstantLR(o, total_iters=4), PolynomialLR(o, 15), ExponentialLR(o, 0.9), StepLR(o, 5)], "
       "[5, 20, 35])"},
      {"sequential(multi_step(milestones=(2, 4)), cosine_restarts(T_0=4, T_mult=2), milestones=7, interval=step)",
       "SequentialLR(o, [MultiStepLR(o, [2, 4]), CosineAnnealingWarmRestarts(o, 4, 2)], [7])"},
      {"sequential(linear(total_iters=6), one_cycle, milestones=10, interval=step)",
       "SequentialLR(o, [LinearLR(o, total_iters=6), OneCycleLR(o, 0.1, total_steps=steps - 10)], [10])"},
      {"sequential(exponential(gamma=0.9), cyclic(max_lr=0.3, step_size_up=6), milestones=10, interval=step)",
       "SequentialLR(o, [ExponentialLR(o, 0.9), CyclicLR(o, 0.1, 0.3, 6)], [10])"},
  };
}

TEST(Schedules, EveryOneIsCompared) {
  std::string all;
  for (const Trial& t : trials()) all += " " + t.schedule;
  for (const run::ScheduleSpec& spec : run::schedules())
    EXPECT_NE(all.find(" " + spec.id), std::string::npos) << "Add a trial for the schedule '" << spec.id << "'.";
}

TEST(Schedules, FollowTorchStepByStep) {
  constexpr int64_t kEpochs = 10, kPerEpoch = 6;
  const std::vector<double> losses{1.0, 0.8, 0.81, 0.82, 0.83, 0.7, 0.7, 0.7, 0.7, 0.7};
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const Trial& trial : trials()) {
    const run::Schedule schedule = run::scheduleFromText(trial.schedule);
    EXPECT_TRUE(run::checkSchedule(schedule).empty()) << trial.schedule;
    EXPECT_EQ(run::scheduleFromText(run::text(schedule)), schedule) << run::text(schedule);
    run::Scheduler scheduler(schedule, 0.1, {kEpochs * kPerEpoch, kPerEpoch});
    std::vector<double> rates;
    Json momenta = Json::array();
    for (int64_t epoch = 0; epoch < kEpochs; ++epoch) {
      for (int64_t i = 0; i < kPerEpoch; ++i) {
        const int64_t step = epoch * kPerEpoch + i;
        rates.push_back(scheduler.rate(step));
        momenta.push_back(scheduler.momentum(step) ? Json(*scheduler.momentum(step)) : Json(nullptr));
        // As after a checkpoint at any step: the same bits, whatever has been asked before.
        run::Scheduler resumed(schedule, 0.1, {kEpochs * kPerEpoch, kPerEpoch});
        resumed.restore(scheduler.state());
        EXPECT_EQ(resumed.rate(step), rates.back()) << trial.schedule << " step " << step;
        EXPECT_EQ(resumed.momentum(step), scheduler.momentum(step)) << trial.schedule << " step " << step;
      }
      scheduler.epochEnded(losses[static_cast<size_t>(epoch)]);
    }
    cases.push_back({{"torch", trial.torch}, {"per_epoch", trial.perEpoch}, {"rates", rates}, {"momenta", momenta}});
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
