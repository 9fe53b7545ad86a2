// SPDX-License-Identifier: Apache-2.0
// The memory of a training step as it is computed from the program, against what LibTorch's allocator hands out.
#include "core/program/control.h"
#include "core/program/memory.h"

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/data/dataset.h"
#include "core/engine/network.h"
#include "core/engine/process.h"
#include "core/layers/lower_graph.h"
#include "core/project/prepare.h"
#include "core/run/optimiser.h"
#include "tests/support/graphs.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

// Bytes that the allocator hands out on this thread, from now on.
class Meter final : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void* place, int64_t bytes, size_t, size_t, c10::Device) override {
    if (bytes > 0)
      live_ += sizes_[place] = bytes;
    else if (const auto known = sizes_.extract(place))  // what was there before may be told too
      live_ -= known.mapped();
    most = std::max(most, live_);
  }
  bool memoryProfilingEnabled() const override { return true; }
  int64_t most = 0;

 private:
  std::map<void*, int64_t> sizes_;
  int64_t live_ = 0;
};

int64_t bytesOf(const std::vector<NamedTensor>& tensors) {
  int64_t sum = 0;
  for (const NamedTensor& t : tensors) sum += t.tensor.count() * static_cast<int64_t>(byteSize(t.tensor.dtype));
  return sum;
}

// Samples of the right form: fractions, and the index 0.
std::vector<HostTensor> batch(const program::Program& program, int64_t samples) {
  std::vector<HostTensor> all;
  for (const program::Port& p : program.inputs) {
    const program::TensorType& type = program.tensorType(p.value);
    all.emplace_back(type.dtype == DType::DefaultFloat ? DType::Float32 : type.dtype,
                     *program::evaluate(type.shape, {{"N", samples}}));
    HostTensor& t = all.back();
    if (t.dtype == DType::Float32)
      for (int64_t i = 0; i < t.count(); ++i)
        t.as<float>()[static_cast<size_t>(i)] = static_cast<float>(i * 37 % 101) / 101.0f;
  }
  return all;
}

struct Measured {
  int64_t states = 0, peak = 0;
};

Measured measure(const program::Program& program, const run::Optimiser& optimiser, int64_t samples, bool channelsLast) {
  engine::Network network(program, {"cpu", DType::Float32, channelsLast});
  network.initialise(1);
  network.setObjectives({{optimiser.kind, "*", run::completeParams(optimiser)}});
  const std::vector<HostTensor> tensors = batch(program, samples);
  engine::Feeds feeds;
  int64_t fed = 0;
  for (const HostTensor& t : tensors) {
    feeds.push_back(&t);
    const bool copied = channelsLast && t.shape.size() == 4;  // the allocator sees it then
    if (!copied) fed += t.count() * static_cast<int64_t>(byteSize(t.dtype));
  }
  network.trainStep(feeds, {1, 1});
  const auto meter = std::make_shared<Meter>();
  {
    const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, meter);
    network.trainStep(feeds, {1, 2});
  }
  const Measured measured{bytesOf(network.optimiserState()), 0};
  // The gradients of the step before are let go first; the batch itself is not the allocator's.
  return {measured.states, bytesOf(network.weights()) + measured.states + meter->most + fed};
}

TEST(TrainingMemory, IsThatOfTheEngineInEveryTemplate) {
  engine::setThreads(1);
  const test::TempFolder folder;
  for (const project::Template& t : project::templates()) {
    const project::Project given = t.project();
    const project::Prepared prepared = project::prepare(given, folder.path());
    ASSERT_TRUE(prepared.ok()) << t.id;
    const run::Optimiser& optimiser = given.run.objectives.front().optimiser;
    const int64_t samples = prepared.lowered.program.parameterCount() > 1'000'000 ? 4 : given.run.batchSize;
    const auto computed =
        program::trainingMemory(prepared.lowered.program, {{"N", samples}}, run::statesPerWeight(optimiser));
    ASSERT_TRUE(computed) << t.id;
    if (t.id == "dynamic-depth") continue;  // each batch decides how deep it is
    const Measured real = measure(prepared.lowered.program, optimiser, samples, given.run.channelsLast);
    const double ratio = static_cast<double>(computed->peak) / static_cast<double>(real.peak);
    const auto& ops = prepared.lowered.program.ops;
    const bool control = std::any_of(ops.begin(), ops.end(), [](const auto& op) { return program::isControl(op); });
    // Of control flow it is rough: the way back inside a step is not played.
    EXPECT_NEAR(ratio, 1, control ? 0.5 : 0.15) << t.id << " with " << samples << " samples";
  }
}

// Each twice in a row between two products, so that what it keeps stands out.
TEST(TrainingMemory, IsThatOfTheEngineInLayers) {
  engine::setThreads(1);
  struct Case {
    std::vector<int64_t> input;
    netwright::test::LayerCase layer;
  };
  const std::vector<int64_t> image{8, 16, 16}, sequence{24, 64}, vector{512};
  const std::vector<Case> cases{
      {image, {"conv2d", "l", {{"out_channels", int64_t{8}}, {"padding", std::vector<int64_t>{1, 1}}}}},
      {image, {"conv_transpose2d", "l", {{"out_channels", int64_t{8}}}}},
      {image, {"depthwise_conv2d", "l", {}}},
      {image, {"separable_conv2d", "l", {{"out_channels", int64_t{8}}}}},
      {image, {"squeeze_excite", "l", {}}},
      {image, {"batch_norm2d", "l", {}}},
      {image, {"group_norm", "l", {}}},
      {image, {"instance_norm2d", "l", {}}},
      {image, {"max_pool2d", "l", {}}},
      {image, {"avg_pool2d", "l", {}}},
      {image, {"dropout2d", "l", {}}},
      {image, {"upsample", "l", {}}},
      {image, {"prelu", "l", {}}},
      {sequence, {"layer_norm", "l", {}}},
      {sequence, {"rms_norm", "l", {}}},
      {sequence, {"lstm", "l", {{"hidden_size", int64_t{64}}}}},
      {sequence, {"lstm", "l", {{"hidden_size", int64_t{32}}, {"bidirectional", true}, {"num_layers", int64_t{2}}}}},
      {sequence, {"gru", "l", {{"hidden_size", int64_t{64}}}}},
      {sequence, {"gru", "l", {{"hidden_size", int64_t{64}}, {"num_layers", int64_t{2}}}}},
      {sequence, {"rnn", "l", {{"hidden_size", int64_t{64}}}}},
      {sequence, {"attention", "l", {}}},
      {sequence, {"swiglu", "l", {}}},
      {sequence, {"conv1d", "l", {{"out_channels", int64_t{24}}}}},
      {vector, {"relu", "l", {}}},
      {vector, {"gelu", "l", {}}},
      {vector, {"silu", "l", {}}},
      {vector, {"mish", "l", {}}},
      {vector, {"softmax", "l", {}}},
      {vector, {"dropout", "l", {}}},
      {vector, {"linear", "l", {{"out_features", int64_t{512}}}}},
      {vector, {"batch_norm1d", "l", {}}},
  };
  for (const Case& c : cases) {
    netwright::test::LayerCase first = c.layer, second = c.layer;
    first.name = "l1";
    second.name = "l2";
    std::vector<netwright::test::LayerCase> row{{"linear", "enter", {{"out_features", c.input.back()}}}, first, second};
    if (c.input == image) {
      row.front() = {
          "conv2d", "enter", {{"out_channels", c.input.front()}, {"kernel_size", std::vector<int64_t>{1, 1}}}};
      row.push_back({"global_avg_pool", "pool", {}});
    }
    row.push_back({"linear", "leave", {{"out_features", int64_t{4}}}});
    const auto document = netwright::test::chain(c.input, row);
    const layers::Lowered lowered = layers::lowerGraph(document);
    const auto text = [&] { return lowered.diagnostics.empty() ? "" : lowered.diagnostics.front().text(); };
    layers::LossRequest loss{"mse", {}, 1, 0, "", "target", {}};
    const auto* type = lowered.typeAt({document.nodes[document.nodes.size() - 2].id, "y"});
    if (!type || !type->isTensor()) {
      ADD_FAILURE() << c.layer.kind << " " << text();
      continue;
    }
    ASSERT_TRUE(type && type->isTensor()) << c.layer.kind << " " << text();
    loss.targetType = {DType::DefaultFloat, {type->tensor().shape.begin() + 1, type->tensor().shape.end()}};
    const layers::Lowered whole = layers::lowerGraph(document, {loss});
    ASSERT_TRUE(whole.ok()) << c.layer.kind << " " << whole.diagnostics.front().text();
    const run::Optimiser sgd{"sgd", {}, ""};
    const auto computed = program::trainingMemory(whole.program, {{"N", 32}}, 0);
    ASSERT_TRUE(computed) << c.layer.kind;
    const Measured real = measure(whole.program, sgd, 32, true);
    const double ratio = static_cast<double>(computed->peak) / static_cast<double>(real.peak);
    EXPECT_NEAR(ratio, 1, 0.15) << c.layer.kind << " (case " << &c - cases.data() << ") computed " << computed->peak
                                << " real " << real.peak;
  }
}

TEST(TrainingMemory, CountsWhatEachOptimiserKeeps) {
  const test::TempFolder folder;
  const auto prepared = project::prepare(project::findTemplate("digits-linear").project(), folder.path());
  for (const run::OptimiserSpec& spec : run::optimisers())
    for (const bool more : {false, true}) {
      run::Optimiser optimiser{spec.id, {}, ""};
      if (more && spec.findParam("momentum")) optimiser.params["momentum"] = 0.9;
      if (more && spec.findParam("amsgrad")) optimiser.params["amsgrad"] = true;
      if (more && spec.findParam("centered")) optimiser.params["centered"] = true;
      if (spec.id == "lbfgs") continue;  // grows to its history, step by step
      const auto computed =
          program::trainingMemory(prepared.lowered.program, {{"N", 8}}, run::statesPerWeight(optimiser));
      const Measured real = measure(prepared.lowered.program, optimiser, 8, false);
      EXPECT_NEAR(static_cast<double>(computed->states), static_cast<double>(real.states),
                  0.01 * static_cast<double>(real.states) + 64)
          << spec.id << (more ? " with all it can keep" : "");
    }
}

}  // namespace
}  // namespace netwright
