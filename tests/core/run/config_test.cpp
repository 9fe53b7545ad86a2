// SPDX-License-Identifier: Apache-2.0
#include "core/run/config.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/run/metric.h"

namespace netwright::run {
namespace {

std::string firstProblem(const RunConfig& config) {
  const Diagnostics found = checkConfig(config);
  return found.empty() ? "" : found[0].text();
}

TEST(RunConfig, RoundTrips) {
  RunConfig c;
  c.epochs = 7;
  c.seed = 123456789012345;
  c.dropLast = true;
  c.device = "cuda:1";
  c.objectives[0].optimiser = {"sgd", {{"lr", 0.5}, {"nesterov", true}}};
  c.objectives[0].terms[0].params["label_smoothing"] = 0.1;
  EXPECT_EQ(runConfigFromJson(toJson(c), "test"), c);
  EXPECT_EQ(runConfigFromJson(Json::object(), "test"), RunConfig{});
}

TEST(RunConfig, SaysWhatIsWrong) {
  RunConfig c;
  EXPECT_EQ(firstProblem(c), "");
  c.epochs = 0;
  EXPECT_EQ(firstProblem(c), "The run: epochs must be at least 1 but is 0.");
  c = {};
  c.metrics = {"acuracy"};
  EXPECT_EQ(firstProblem(c),
            "The metric 'acuracy' does not exist. Did you mean 'accuracy'? Known: accuracy, top5, precision, recall, "
            "f1, mae, rmse, r2.");
  c = {};
  c.objectives[0].optimiser.kind = "adm";
  EXPECT_EQ(firstProblem(c),
            "The optimiser 'adm' does not exist. Did you mean 'adam'? Known: adam, adamw, adadelta, adagrad, "
            "adamax, asgd, lbfgs, lion, nadam, radam, rmsprop, rprop, sgd.");
  c = {};
  c.objectives[0].optimiser.params["lr"] = -1.0;
  EXPECT_EQ(firstProblem(c), "Adam: lr must be at least 0 but is -1.");
}

TEST(RunConfig, NamesTheKeyOfAWrongValue) {
  try {
    runConfigFromJson(Json::parse(R"({"epochs": "ten"})"), "project.json");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.title, "project.json: epochs must be a whole number but is ten.");
  }
}

TEST(Metric, AccuracyCountsSamplesNotBatches) {
  const auto accuracy = findMetric("accuracy")->make();
  HostTensor scores(DType::Float32, {3, 2}), labels(DType::Int64, {3});
  const float values[] = {0, 1, 1, 0, 1, 0};
  std::copy(std::begin(values), std::end(values), scores.as<float>().begin());
  accuracy->add({scores, labels});  // labels 0: wrong, right, right
  HostTensor one(DType::Float32, {1, 2}), label(DType::Int64, {1});
  one.as<float>()[1] = 2;
  accuracy->add({one, label});  // wrong
  EXPECT_EQ(accuracy->value(), 0.5);
  EXPECT_TRUE(std::isnan(findMetric("accuracy")->make()->value()));
}

TEST(Metric, MeanWeighsARaggedBatchByItsSamples) {
  WeightedMean mean;
  mean.add(1.0, 3);
  mean.add(5.0, 1);
  EXPECT_EQ(mean.value(), 2.0);
}

}  // namespace
}  // namespace netwright::run
