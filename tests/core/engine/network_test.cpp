// SPDX-License-Identifier: Apache-2.0
#include "core/engine/network.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/engine/node_error.h"
#include "core/engine/process.h"
#include "core/layers/lower_graph.h"
#include "core/run/config.h"
#include "tests/support/graphs.h"
#include "tests/support/message_of.h"

namespace netwright::engine {
namespace {

using netwright::test::chain;

using netwright::test::LayerCase;
using netwright::test::messageOf;

layers::LossRequest crossEntropy() { return {"cross_entropy", {}, 1, 0, "", "label", {DType::Int64, {}}}; }

Network network(const std::vector<LayerCase>& layers, std::vector<int64_t> input, bool channelsLast = false) {
  const layers::Lowered lowered = layers::lowerGraph(chain(std::move(input), layers), {crossEntropy()});
  EXPECT_TRUE(lowered.ok());
  Network n(lowered.program, {"cpu", DType::Float32, channelsLast});
  n.initialise(1);
  n.setObjectives({{"adam", "*", run::completeParams(run::Optimiser{"adam", {}})}});
  return n;
}

const std::vector<LayerCase> kCnn{{"conv2d", "conv", {{"out_channels", int64_t{4}}}},
                                  {"batch_norm2d", "bn", {}},
                                  {"relu", "r", {}},
                                  {"dropout", "drop", {}},
                                  {"max_pool2d", "pool", {}},
                                  {"flatten", "f", {}},
                                  {"linear", "fc", {{"out_features", int64_t{3}}}}};

struct Data {
  HostTensor x, label;
  explicit Data(int64_t n, std::vector<int64_t> shape = {1, 8, 8}) : label(DType::Int64, {n}) {
    shape.insert(shape.begin(), n);
    x = HostTensor(DType::Float32, shape);
    for (int64_t i = 0; i < x.count(); ++i)
      x.as<float>()[static_cast<size_t>(i)] = static_cast<float>((i * 37 % 101) - 50) / 50.0f;
    for (int64_t i = 0; i < n; ++i) label.as<int64_t>()[static_cast<size_t>(i)] = i % 3;
  }
  Feeds feeds() const { return {&x, &label}; }
};

TEST(Schemas, EqualTheDispatchers) {
  for (const auto& [id, info] : program::catalogue()) {
    const auto handle = c10::Dispatcher::singleton().findSchema({"aten::" + info.schema.name, info.schema.overload});
    ASSERT_TRUE(handle) << id;
    const c10::FunctionSchema& real = handle->schema();
    ASSERT_EQ(real.arguments().size(), info.schema.arguments.size()) << id;
    for (size_t i = 0; i < real.arguments().size(); ++i) {
      EXPECT_EQ(real.arguments()[i].name(), info.schema.arguments[i].name) << id;
      EXPECT_EQ(real.arguments()[i].default_value().has_value(), info.schema.arguments[i].fallback.has_value())
          << id << " " << info.schema.arguments[i].name;
    }
    std::ostringstream text;
    text << real;
    EXPECT_EQ(text.str(), info.schemaText);
  }
}

TEST(Network, TrainsDownTheLoss) {
  Network n = network(kCnn, {1, 8, 8});
  const Data data(12);
  const double first = n.trainStep(data.feeds(), {1, 0}).loss;
  double last = 0;
  for (int64_t step = 1; step < 150; ++step) last = n.trainStep(data.feeds(), {1, step}).loss;
  EXPECT_LT(last, first / 2);
}

TEST(Network, RepeatsToTheBit) {
  setThreads(2);
  for (const bool channelsLast : {false, true}) {
    Network a = network(kCnn, {1, 8, 8}, channelsLast), b = network(kCnn, {1, 8, 8}, channelsLast);
    const Data data(9);
    for (int64_t step = 0; step < 10; ++step)
      EXPECT_EQ(a.trainStep(data.feeds(), {5, step}).loss, b.trainStep(data.feeds(), {5, step}).loss);
    const auto wa = a.weights(), wb = b.weights();
    for (size_t i = 0; i < wa.size(); ++i) EXPECT_EQ(wa[i].tensor, wb[i].tensor) << wa[i].name;
  }
  setThreads(1);
}

TEST(Network, DrawsOtherMasksInOtherSteps) {
  Network n = network({{"dropout", "drop", {}}, {"flatten", "f", {}}, {"linear", "fc", {{"out_features", int64_t{3}}}}},
                      {1, 8, 8});
  n.setLearningRate(0, 0);
  const Data data(6);
  const double first = n.trainStep(data.feeds(), {1, 0}).loss, again = n.trainStep(data.feeds(), {1, 0}).loss,
               other = n.trainStep(data.feeds(), {1, 1}).loss;
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
}

TEST(Network, EvaluationChangesNothing) {
  Network n = network(kCnn, {1, 8, 8});
  const Data data(6);
  n.trainStep(data.feeds(), {1, 0});
  const auto before = n.weights();
  const double loss = n.evaluate(data.feeds()).loss;
  EXPECT_EQ(n.evaluate(data.feeds()).loss, loss);
  const auto after = n.weights();
  for (size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].tensor, after[i].tensor) << before[i].name;
}

TEST(Network, CountsTrackedBatchesInTrainingOnly) {
  Network n = network(kCnn, {1, 8, 8});
  const Data data(6);
  n.trainStep(data.feeds(), {1, 0});
  n.trainStep(data.feeds(), {1, 1});
  n.evaluate(data.feeds());
  for (const NamedTensor& w : n.weights())
    if (w.name == "bn.num_batches_tracked") {
      EXPECT_EQ(w.tensor.as<int64_t>()[0], 2);
    }
}

struct Moments {
  double mean = 0, variance = 0;  // of all values, divided by their number less `correction`
};
Moments momentsOf(const std::vector<Data>& batches, double correction) {
  Moments m;
  double count = 0;
  for (const Data& d : batches)
    for (const float v : d.x.as<float>()) m.mean += v, ++count;
  m.mean /= count;
  for (const Data& d : batches)
    for (const float v : d.x.as<float>()) m.variance += (v - m.mean) * (v - m.mean);
  m.variance /= count - correction;
  return m;
}
double stateOf(const Network& n, const std::string& name) {
  for (const NamedTensor& w : n.weights())
    if (w.name == name)
      return w.tensor.dtype == DType::Int64 ? static_cast<double>(w.tensor.as<int64_t>()[0]) : w.tensor.as<float>()[0];
  ADD_FAILURE() << "there is no " << name;
  return 0;
}

// Batches of different sizes and values, which do not count alike.
TEST(Network, LearnsTheMomentsOfAllValuesSeen) {
  Network n =
      network({{"normalization", "norm", {}}, {"flatten", "f", {}}, {"linear", "fc", {{"out_features", int64_t{3}}}}},
              {1, 8, 8});
  std::vector<Data> batches{Data(6), Data(2), Data(9)};
  for (float& v : batches[1].x.as<float>()) v = 3 * v + 5;
  for (size_t i = 0; i < batches.size(); ++i) n.trainStep(batches[i].feeds(), {1, static_cast<int64_t>(i)});
  n.evaluate(Data(4).feeds());
  const Moments expected = momentsOf(batches, 0);
  EXPECT_NEAR(stateOf(n, "norm.mean"), expected.mean, 1e-5);
  EXPECT_NEAR(stateOf(n, "norm.variance"), expected.variance, 1e-4);
  EXPECT_EQ(stateOf(n, "norm.count"), 17 * 64);
}

// momentum none: each batch counts alike, as in PyTorch.
TEST(Network, AveragesOverAllBatches) {
  Network n = network({{"batch_norm2d", "bn", {{"momentum", None{}}}},
                       {"flatten", "f", {}},
                       {"linear", "fc", {{"out_features", int64_t{3}}}}},
                      {1, 8, 8});
  std::vector<Data> batches{Data(6), Data(2), Data(9)};
  for (float& v : batches[1].x.as<float>()) v = 3 * v + 5;
  double mean = 0, variance = 0;
  for (size_t i = 0; i < batches.size(); ++i) {
    n.trainStep(batches[i].feeds(), {1, static_cast<int64_t>(i)});
    const Moments m = momentsOf({batches[i]}, 1);
    mean += m.mean / 3;
    variance += m.variance / 3;
  }
  EXPECT_NEAR(stateOf(n, "bn.running_mean"), mean, 1e-5);
  EXPECT_NEAR(stateOf(n, "bn.running_var"), variance, 1e-4);
}

TEST(Network, GoesOnFromSavedWeights) {
  Network a = network(kCnn, {1, 8, 8}), b = network(kCnn, {1, 8, 8}, true);
  const Data data(6);
  a.trainStep(data.feeds(), {1, 0});
  b.setWeights(a.weights());
  EXPECT_NEAR(a.evaluate(data.feeds()).loss, b.evaluate(data.feeds()).loss, 1e-6);
}

TEST(Network, RefusesWeightsOfAnotherNetwork) {
  Network a = network(kCnn, {1, 8, 8}),
          b = network({{"flatten", "f", {}}, {"linear", "fc", {{"out_features", int64_t{3}}}}}, {1, 8, 8});
  EXPECT_EQ(messageOf([&] { b.setWeights(a.weights()); }),
            "The weights do not fit this network. fc.weight has another shape. Choose weights of the same graph.");
}

TEST(Network, NamesTheSampleWithAWrongLabel) {
  Network n = network(kCnn, {1, 8, 8});
  Data data(6);
  data.label.as<int64_t>()[4] = 7;
  EXPECT_EQ(messageOf([&] { n.trainStep(data.feeds(), {1, 0}); }),
            "Sample 4 has the label 7, but Cross entropy on 'y' gives scores for 3 classes (0 to 2). Set the last "
            "layer to at least 8 outputs, or correct the label.");
}

TEST(Network, RefusesASampleOfAnotherSize) {
  Network n = network(kCnn, {1, 8, 8});
  const Data data(6, {1, 9, 8});
  EXPECT_EQ(messageOf([&] { n.trainStep(data.feeds(), {1, 0}); }),
            "Input 'x' receives (6, 1, 9, 8) but was built for (N, 1, 8, 8).");
}

// (N, 3) + (N, 3, 3) lines up N with 3: possible only for batches of 3.
TEST(Network, ChecksForEachBatchWhatShapesLeftOpen) {
  graph::Document d = chain({3}, {});
  d.nodes.insert(d.nodes.begin() + 1,
                 {test::node(3, "input", "b", {{"shape", std::vector<int64_t>{3, 3}}}), test::node(4, "add", "sum")});
  d.wires = {{{{1}, "y"}, {{4}, "a"}}, {{{3}, "y"}, {{4}, "b"}}, {{{4}, "y"}, {{2}, "x"}}};
  const layers::Lowered lowered = layers::lowerGraph(d);
  ASSERT_TRUE(lowered.ok());
  Network n(lowered.program, {});
  const HostTensor a3(DType::Float32, {3, 3}), b3(DType::Float32, {3, 3, 3}), a2(DType::Float32, {2, 3}),
      b2(DType::Float32, {2, 3, 3});
  EXPECT_EQ(n.predict({&a3, &b3}).front().shape, (std::vector<int64_t>{3, 3, 3}));
  EXPECT_EQ(messageOf([&] { n.predict({&a2, &b2}); }),
            "Add 'sum' cannot add (N, 3) and (N, 3, 3): they differ in dimension 1 (N and 3). Sizes must be equal or "
            "1. This shows in a batch with N = 2.");
}

TEST(Network, RefusesBatchNormOfASingleValue) {
  Network n = network(
      {{"batch_norm2d", "bn", {}}, {"flatten", "f", {}}, {"linear", "fc", {{"out_features", int64_t{3}}}}}, {2, 1, 1});
  const Data data(1, {2, 1, 1});
  EXPECT_EQ(messageOf([&] { n.trainStep(data.feeds(), {1, 0}); }),
            "BatchNorm2d 'bn' in training needs more than one value per channel, but its input is (1, 2, 1, 1).");
}

TEST(Process, NamesTheDevicesThereAre) {
  EXPECT_EQ(resolveDevice("cpu"), "cpu");
  EXPECT_THAT(messageOf([] { resolveDevice("tpu"); }),
              ::testing::StartsWith("There is no device 'tpu' here. Choose one of: auto, cpu"));
}

// Each look at a batch has the same dropout, so a line search goes down: what it found is lower in that function.
TEST(Search, LooksAtOneFunctionWithinAStep) {
  Network n = network(kCnn, {1, 8, 8});
  n.setObjectives({{"lbfgs", "*",
                    run::completeParams(run::Optimiser{
                        "lbfgs", {{"max_iter", int64_t{2}}, {"line_search_fn", std::string("strong_wolfe")}}})}});
  const Data data(12);
  for (int64_t step = 1; step <= 5; ++step) {
    const double before = n.trainStep(data.feeds(), {1, step}).loss;
    const double found = n.trainStep(data.feeds(), {1, step}).loss;  // looks there first
    EXPECT_LT(found, before) << "step " << step;
  }
  // Running statistics were renewed at each look, as in PyTorch.
  for (const NamedTensor& t : n.weights()) {
    if (t.name == "bn.num_batches_tracked") {
      EXPECT_GT(t.tensor.as<int64_t>()[0], 10) << "steps";
    }
  }
}

}  // namespace
}  // namespace netwright::engine
