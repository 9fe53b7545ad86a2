// SPDX-License-Identifier: Apache-2.0
#include "core/run/config.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/run/initialiser.h"
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
  c.objectives[0].groups = {{"*.bias", {}, "", 0.1}};
  c.objectives[0].regularisers = {{"*.weight", "l1", 0.01, R"({"note":"a"})"}};
  c.frozen = {"teacher.*"};
  c.initialisers = {{"*.weight", "orthogonal", {{"gain", 2.0}}, ""}};
  EXPECT_EQ(runConfigFromJson(toJson(c), "test"), c);
  EXPECT_EQ(runConfigFromJson(Json::object(), "test"), RunConfig{});
}

// A formula in every place that takes one.
RunConfig fullOfFormulas() {
  RunConfig c;
  for (const ParamSpec& p : runParams()) setRunParam(c, p.name, Formula{"n"});
  c.initialisers = {{"*", "constant", {{"val", Formula{"n"}}}, ""}};
  Objective& o = c.objectives[0];
  for (const ParamSpec& p : objectiveParams()) setObjectiveParam(o, p.name, Formula{"n"});
  o.optimiser = {"adam", {{"lr", Formula{"n"}}}};
  o.terms[0].params["label_smoothing"] = Formula{"n"};
  o.terms[0].formulas["weight"] = Formula{"n"};
  o.groups = {{"*.bias", {{"lr", Formula{"n"}}}, ""}};
  o.groups[0].formulas["lr_factor"] = Formula{"n"};
  o.regularisers = {{"*.weight", "l2", Regulariser().weight, "", {{"weight", Formula{"n"}}}}};
  o.schedule = {"sequential", {}, "", {{"step", {{"step_size", Formula{"n"}}}, "", {}}}};
  return c;
}

TEST(RunConfig, FormulasStandWhereverValuesDo) {
  const RunConfig full = fullOfFormulas();
  EXPECT_EQ(toJson(runConfigFromJson(toJson(full), "test")).dump(), toJson(full).dump());
  EXPECT_EQ(runConfigFromJson(toJson(full), "test"), full);
  RunConfig seen = full;
  size_t count = 0;
  eachFormula(seen, [&](const std::string&, const std::string&, Attribute&) { ++count; });
  EXPECT_EQ(count, runParams().size() + objectiveParams().size() + 8);
}

TEST(RunConfig, FormulasBecomeTheirValues) {
  RunConfig c = fullOfFormulas();
  for (const char* name : {"shuffle", "drop_last", "channels_last", "parity", "device", "precision", "start"})
    setRunParam(c, name, runParam(RunConfig(), name));
  EXPECT_TRUE(settle(c, [](const std::string&) { return FormulaWorth{Attribute(int64_t{3}), ""}; }).empty());
  EXPECT_EQ(c.epochs, 3);
  EXPECT_EQ(c.seed, 3u);
  const Objective& o = c.objectives[0];
  EXPECT_EQ(o.clipNorm, 3);
  EXPECT_EQ(o.accumulate, 3);
  EXPECT_EQ(o.optimiser.params.at("lr"), Attribute(int64_t{3}));
  EXPECT_EQ(o.terms[0].weight, 3);
  EXPECT_EQ(o.groups[0].lrFactor, 3);
  EXPECT_EQ(o.regularisers[0].weight, 3);
  EXPECT_EQ(o.schedule.parts[0].params.at("step_size"), Attribute(int64_t{3}));
  EXPECT_EQ(c.initialisers[0].params.at("val"), Attribute(int64_t{3}));
  eachFormula(c, [](const std::string& owner, const std::string& name, Attribute&) { ADD_FAILURE() << owner << name; });
}

TEST(RunConfig, AFormulaThatComesToNothingIsToldAndLeavesTheDefault) {
  RunConfig c;
  setRunParam(c, "epochs", Formula{"n"});
  setRunParam(c, "batch_size", Formula{"0 - 1"});
  c.objectives[0].optimiser.params["lr"] = Formula{"n"};
  const Diagnostics found = settle(c, [](const std::string& f) {
    return f == "n" ? FormulaWorth{{}, "There is no name 'n'"} : FormulaWorth{Attribute(int64_t{-1}), ""};
  });
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].text(), "The run: epochs = n cannot be computed (There is no name 'n').");
  EXPECT_EQ(found[1].text(), "The run: batch_size must be at least 1 but is -1.");
  EXPECT_EQ(found[2].text(), "Adam: lr = n cannot be computed (There is no name 'n').");
  EXPECT_EQ(c.epochs, RunConfig().epochs);
  EXPECT_EQ(c.batchSize, RunConfig().batchSize);
  EXPECT_FALSE(c.objectives[0].optimiser.params.contains("lr"));
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
  c = {};
  c.initialisers = {{"*", "ortogonal", {}, ""}};
  EXPECT_EQ(firstProblem(c),
            "The initialiser 'ortogonal' does not exist. Did you mean 'orthogonal'? Known: uniform, normal, "
            "trunc_normal, constant, ones, zeros, eye, dirac, xavier_uniform, xavier_normal, kaiming_uniform, "
            "kaiming_normal, orthogonal, sparse, lsuv.");
  c.initialisers = {{"*", "sparse", {{"sparsity", 2.0}}, ""}};
  EXPECT_EQ(firstProblem(c), "The initialiser Sparse: sparsity must be at most 1 but is 2.");
  c = {};
  c.objectives[0].regularisers = {{"*", "l3", 1, ""}};
  EXPECT_EQ(firstProblem(c), "The regulariser 'l3' does not exist. Did you mean 'l1'? Known: l1, l2, orthogonal.");
  c.objectives[0].regularisers = {{"*", "l2", -1, ""}};
  EXPECT_EQ(firstProblem(c), "The regulariser l2: weight must be at least 0 but is -1.");
}

TEST(RunConfig, InitialisersAndRegularisersAreReadAsTheyAreWritten) {
  const std::string starts =
      "orthogonal, kaiming_normal(mode=fan_out, nonlinearity=relu):conv[0-9].weight, zeros:*.bias";
  const auto initialisers = initialisersFromText(starts);
  ASSERT_EQ(initialisers.size(), 3u);
  EXPECT_EQ(initialisers[0].parameters, "*.weight");
  EXPECT_EQ(initialisers[1].params.at("mode"), Attribute(std::string("fan_out")));
  EXPECT_EQ(initialisersText(initialisers), starts);
  const std::string sums = "l2:0.0001, l1:head.*:0.01";
  EXPECT_EQ(regularisersText(regularisersFromText(sums)), sums);
  const auto fails = [](const auto& read) {
    try {
      read();
      return std::string("nothing");
    } catch (const Error& e) {
      return std::string(e.what());
    }
  };
  EXPECT_EQ(regularisersText(regularisersFromText("l2:=decay, l1:*.bias:=decay / 2")),
            "l2:=decay, l1:*.bias:=decay / 2");
  EXPECT_EQ(fails([] { initialisersFromText("zeroes"); }).substr(0, 65),
            "The initialiser 'zeroes' does not exist. Did you mean 'zeros'? Kn");
  EXPECT_EQ(fails([] { initialisersFromText("constant(value=3)"); }), "Constant has no parameter 'value'.");
  EXPECT_EQ(fails([] { initialisersFromText("constant(val=3"); }), "'constant(val=3' lacks a closing parenthesis.");
  EXPECT_EQ(fails([] { regularisersFromText("l2"); }),
            "'l2' is no regulariser with a weight. Write kind:weight or kind:pattern:weight, such as l2:1e-4.");
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
