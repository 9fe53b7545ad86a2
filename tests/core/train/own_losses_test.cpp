// SPDX-License-Identifier: Apache-2.0
// Runs of graphs with losses and targets of their own; frozen parameters, regularisers, initialisers, metrics.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/base/text.h"
#include "core/project/prepare.h"
#include "core/project/run_data.h"
#include "core/train/evaluation.h"
#include "tests/core/train/recording.h"
#include "tests/support/digits.h"
#include "tests/support/graphs.h"
#include "tests/support/temp_folder.h"

namespace netwright::train {
namespace {

using test::add;

run::Checkpoint last(const std::filesystem::path& folder, int epoch = 2) {
  return run::readCheckpoint(folder / fmt::format("artifacts/run-1/epoch-{}.safetensors", epoch));
}
const HostTensor& named(const std::vector<NamedTensor>& all, const std::string& name) {
  for (const NamedTensor& t : all)
    if (t.name == name) return t.tensor;
  throw std::runtime_error("there is no " + name);
}

std::map<std::string, HostTensor> byName(const std::vector<NamedTensor>& all) {
  std::map<std::string, HostTensor> map;
  for (const NamedTensor& t : all) map[t.name] = t.tensor;
  return map;
}

// The tiny digits with the loss of the run's settings drawn into the graph.
project::Project drawn(const std::filesystem::path& folder) {
  project::Project p = test::makeTinyProject(folder);
  add(p.graph, {"target", "label", {}});
  add(p.graph, {"cross_entropy", "loss", {}}, {"fc", "label"});
  p.run.objectives[0].terms.clear();
  return p;
}

TEST(OwnLosses, TrainTheVeryNumbersOfTheRunsLoss) {
  const test::TempFolder plain, own;
  const Recording expected = record(plain.path(), test::makeTinyProject(plain.path()));
  const Recording found = record(own.path(), drawn(own.path()));
  EXPECT_EQ(byName(last(own.path()).weights), byName(last(plain.path()).weights));
  EXPECT_EQ(byName(last(own.path()).optimiser), byName(last(plain.path()).optimiser));
  EXPECT_EQ(found.all<run::Finished>().at(0).values, expected.all<run::Finished>().at(0).values);
  EXPECT_EQ(found.all<run::ValidationSeen>().size(), expected.all<run::ValidationSeen>().size());
}

TEST(OwnLosses, SeveralTargetsOfATable) {
  const test::TempFolder folder;
  std::string table = "a,b,kind,size\n";
  for (int i = 0; i < 200; ++i) {
    const double a = (i * 37 % 100) / 50.0 - 1, b = (i * 61 % 100) / 50.0 - 1;
    table += fmt::format("{},{},{},{}\n", a, b, a > b ? "up" : "down", 0.5 * a - b);
  }
  writeFileAtomic(folder / "table.csv", table);
  project::Project p;
  p.graph = test::chain({2}, {{"linear", "body", {{"out_features", int64_t{16}}}},
                              {"relu", "relu", {}},
                              {"linear", "kinds", {{"out_features", int64_t{2}}}}});
  add(p.graph, {"linear", "sizes", {{"out_features", int64_t{1}}}}, {"relu"});
  add(p.graph, {"output", "length", {}}, {"sizes"});
  add(p.graph, {"target", "kind", {{"column", std::string("kind")}}});
  add(p.graph, {"cross_entropy", "which", {}}, {"kinds", "kind"});
  add(p.graph, {"target", "size", {{"column", std::string("size")}}});
  add(p.graph, {"mse", "how_long", {}}, {"sizes", "size"});
  add(p.graph, {"minimize", "weighted", {{"weight", 2.0}}}, {"how_long:loss"});
  p.data.source = "csv";
  p.data.path = "table.csv";
  p.data.params = {{"target", std::string("kind, size")}};
  p.data.validation = 0.25;
  p.run.metrics = {"accuracy", "r2/length", "mae/sizes/size"};
  p.run.epochs = 30;
  p.run.batchSize = 16;
  p.run.objectives[0].optimiser.params["lr"] = 0.01;
  project::save(p, folder.path());
  const auto values = record(folder.path(), p).all<run::Finished>().at(0).values;
  EXPECT_GT(values.at("val/accuracy"), 0.9);
  EXPECT_GT(values.at("val/r2/length"), 0.9);
  EXPECT_LT(values.at("val/mae/sizes/size"), 0.2);
  EXPECT_NEAR(values.at("val/loss"), values.at("val/loss/which") + 2 * values.at("val/loss/how_long"), 1e-6);
  const project::StoredRun stored = project::openRun(folder.path(), "run-1");
  const layers::Lowered lowered = layers::lowerGraph(stored.project.graph);
  engine::Network network(lowered.program, {});
  network.setWeights(stored.checkpoint.weights);
  const HostTensor x(DType::Float32, {3, 2});
  const auto outputs = predict(network, {{"x", x}});  // no target is asked for
  ASSERT_EQ(outputs.size(), 2u);
  EXPECT_EQ(outputs[1].name, "length");
  EXPECT_EQ(outputs[1].tensor.shape, (std::vector<int64_t>{3, 1}));
}

// The critic learns to tell the code of the digits from noise, the coder to be taken for noise.
TEST(OwnLosses, TwoOptimisersTakeTurns) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.graph = test::chain({1, 8, 8}, {{"flatten", "flatten", {}}, {"linear", "coder", {{"out_features", int64_t{4}}}}});
  add(p.graph, {"linear", "critic", {{"out_features", int64_t{1}}}}, {"coder"});
  const Attribute mean = std::string("mean");
  add(p.graph, {"minimize", "critics", {{"objective", int64_t{1}}, {"reduction", mean}}}, {"critic"});
  add(p.graph, {"minimize", "coders", {{"objective", int64_t{2}}, {"weight", -1.0}, {"reduction", mean}}}, {"critic"});
  run::Objective critic, coder;
  critic.terms.clear();
  coder.terms.clear();
  critic.parameters = "critic.*";
  coder.parameters = "coder.*";
  coder.every = 2;
  critic.optimiser = coder.optimiser = {"sgd", {{"lr", 0.1}}, ""};
  p.run.objectives = {critic, coder};
  p.run.metrics.clear();
  p.run.epochs = 1;
  const Recording r = record(folder.path(), p);
  const auto values = r.all<run::Finished>().at(0).values;
  EXPECT_DOUBLE_EQ(values.at("val/loss/critics"), values.at("val/loss/coders"));
  EXPECT_NEAR(values.at("val/loss"), 0, 1e-6);
  EXPECT_EQ(last(folder.path(), 1).weights.size(), 4u);
  // The critic's bias falls by the rate in each of the 6 steps: its gradient is 1.
  const test::TempFolder still;
  project::save(p, still.path());
  test::writeTinyDigits(still / "data");
  p.run.objectives[0].optimiser.params["lr"] = 0.0;
  record(still.path(), p);
  const float before = named(last(still.path(), 1).weights, "critic.bias").as<float>()[0];
  EXPECT_NEAR(named(last(folder.path(), 1).weights, "critic.bias").as<float>()[0], before - 0.6F, 1e-5F);
}

TEST(Frozen, ParametersKeepWhatTheyBeganWith) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.run.frozen = {"conv.*"};
  p.run.objectives[0].optimiser = {"adamw", {{"lr", 0.01}, {"weight_decay", 0.5}}, ""};
  record(folder.path(), p);
  const run::Checkpoint one = last(folder.path(), 1), two = last(folder.path());
  for (size_t i = 0; i < one.weights.size(); ++i) {
    const std::string& name = one.weights[i].name;
    if (name.starts_with("bn.running") || name.starts_with("bn.num")) continue;
    EXPECT_EQ(one.weights[i].tensor == two.weights[i].tensor, name.starts_with("conv.")) << name;
  }
  for (const NamedTensor& t : two.optimiser) EXPECT_EQ(t.name.find("conv."), std::string::npos) << t.name;
}

TEST(Regularisers, AreTheSumsThatTheySay) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.run.objectives[0].regularisers = {
      {"fc.*", "l2", 0.1, ""}, {"fc.weight", "l1", 0.01, ""}, {"*", "orthogonal", 1, ""}};
  p.run.objectives[0].optimiser.params["lr"] = 0.0;
  const auto values = record(folder.path(), p).all<run::Finished>().at(0).values;
  const auto weights = last(folder.path()).weights;
  double l2 = 0, l1 = 0, orthogonal = 0;
  const auto weight = named(weights, "fc.weight").as<float>(), bias = named(weights, "fc.bias").as<float>();
  for (const float w : weight) l2 += double{w} * w, l1 += std::abs(double{w});
  for (const float b : bias) l2 += double{b} * b;
  for (const char* name : {"fc.weight", "conv.weight"}) {
    const HostTensor& t = named(weights, name);
    const int64_t rows = t.shape[0], columns = t.count() / rows;
    const auto w = t.as<float>();
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < rows; ++j) {
        double product = i == j ? -1 : 0;
        for (int64_t k = 0; k < columns; ++k)
          product += double{w[static_cast<size_t>(i * columns + k)]} * w[static_cast<size_t>(j * columns + k)];
        orthogonal += product * product;
      }
  }
  EXPECT_NEAR(values.at("train/loss/2-l2"), l2, 1e-4 * l2);
  EXPECT_NEAR(values.at("train/loss/3-l1"), l1, 1e-4 * l1);
  EXPECT_NEAR(values.at("train/loss/4-orthogonal"), orthogonal, 1e-4 * orthogonal);
  EXPECT_NEAR(values.at("train/loss"), values.at("train/loss/1-cross_entropy") + 0.1 * l2 + 0.01 * l1 + orthogonal,
              1e-3);
}

TEST(Groups, AFactorScalesTheRate) {
  const auto weights = [](const run::ParameterGroup& group) {
    const test::TempFolder folder;
    project::Project p = test::makeTinyProject(folder.path());
    p.run.objectives[0].groups = {group};
    p.run.objectives[0].schedule = run::scheduleFromText("cosine");
    record(folder.path(), p);
    return byName(last(folder.path()).weights);
  };
  run::ParameterGroup factor{"conv.*", {}, "", 0.1};
  EXPECT_EQ(weights(factor), weights({"conv.*", {{"lr", 0.01 * 0.1}}, ""}));
}

TEST(Initialisers, LsuvGivesEachLayerTheVarianceOne) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.run.initialisers = {{"*.weight", "lsuv", {{"tolerance", 0.01}}, ""}};
  p.run.objectives[0].optimiser.params["lr"] = 0.0;
  p.run.batchSize = 96;  // one batch is all training samples
  p.run.epochs = 1;
  record(folder.path(), p);
  project::Prepared prepared = project::prepare(p, folder.path());
  engine::Network network(prepared.lowered.program, {});
  network.setWeights(last(folder.path(), 1).weights);
  const data::DataSplits data = project::openRunData(p, folder.path(), "");
  data::Batch batch;
  data.train->read(data.trainSamples, batch);
  std::map<std::string, double> variances;
  for (const NamedTensor& value :
       network.values(Feeder(prepared.lowered.program, prepared.columns).feeds(batch, false))) {
    if (value.tensor.dtype != DType::Float32) continue;
    double sum = 0, squares = 0;
    for (const float v : value.tensor.as<float>()) sum += v, squares += double{v} * v;
    const auto n = static_cast<double>(value.tensor.count());
    variances[value.name] = squares / n - sum / n * (sum / n);
  }
  EXPECT_NEAR(variances.at("conv"), 1, 0.1);
  EXPECT_NEAR(variances.at("fc"), 1, 0.1);
}

TEST(Metrics, OfAnotherWireHaveACurveOfTheirOwn) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.run.metrics = {"accuracy", "accuracy/fc", "f1/fc.y/label"};
  const auto values = record(folder.path(), p).all<run::Finished>().at(0).values;
  EXPECT_EQ(values.at("val/accuracy"), values.at("val/accuracy/fc"));
  EXPECT_GT(values.at("val/f1/fc.y/label"), 0.3);
  store::Database database(project::databaseFile(folder.path()));
  EXPECT_EQ(database.series(database.findRun("latest")->id, "accuracy/fc", "val").size(), 2u);
}

}  // namespace
}  // namespace netwright::train
