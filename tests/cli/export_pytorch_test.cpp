// SPDX-License-Identifier: Apache-2.0
// train.py of an exported PyTorch project, run by the real PyTorch, against the losses that the engine's run has
// recorded: within 1e-6 of their size over the first 20 steps.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <set>
#include <span>
#include <sstream>

#include "core/base/file.h"
#include "core/project/project.h"
#include "core/run/metric.h"
#include "core/run/schedule_spec.h"
#include "core/store/database.h"
#include "tests/support/digits.h"
#include "tests/support/graphs.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using project::Project;
using ::testing::HasSubstr;

constexpr size_t kSteps = 20;

class ExportedTraining : public ::testing::Test {
 protected:
  test::Outcome shell(const std::string& command, const std::string& python = "/nowhere/python") const {
    return test::runShell(fmt::format("cd '{}' && export PATH='{}':$PATH OMP_NUM_THREADS=1 NETWRIGHT_PYTHON='{}' && {}",
                                      folder_.path().string(), NETWRIGHT_BIN_DIR, python, command));
  }

  // Trains, exports to `out` and gives what the command line said.
  std::string exported(Project p) const {
    p.run.epochs = std::max<int64_t>(p.run.epochs, 1);
    p.run.threads = 1;
    p.run.device = "cpu";
    project::save(p, folder_ / "p");
    const test::Outcome trained = shell("netwright-cli train p");
    EXPECT_EQ(trained.status, 0) << trained.err;
    const test::Outcome outcome = shell("netwright-cli export p latest --format pytorch -o out");
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    const test::Outcome source = shell(fmt::format("'{}' -B '" NETWRIGHT_SOURCE_DIR "/tests/peers/python_source.py' "
                                                   "out/*.py",
                                                   test::peerPython()));
    EXPECT_EQ(source.status, 0) << source.out << source.err;
    return outcome.out;
  }

  std::vector<double> recorded() const {
    const test::Outcome table = shell("netwright-cli runs export p latest --format csv");
    EXPECT_EQ(table.status, 0) << table.err;
    std::vector<double> losses;
    std::istringstream lines(table.out);
    for (std::string line; std::getline(lines, line) && losses.size() < kSteps;)
      if (line.find(",train,loss,") != std::string::npos) losses.push_back(std::stod(line.substr(line.rfind(',') + 1)));
    return losses;
  }

  void expectSameLosses(const Project& p, const std::string& what, double tolerance = 1e-6) {
    SCOPED_TRACE(what);
    std::filesystem::remove_all(folder_ / "out");
    const std::string said = exported(p);
    ASSERT_TRUE(std::filesystem::exists(folder_ / "out" / "train.py")) << said;
    const std::vector<double> expected = recorded();
    ASSERT_FALSE(expected.empty());
    const test::Outcome outcome =
        shell(fmt::format("'{}' -B out/train.py --steps {} --log 1", test::peerPython(), kSteps));
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    std::istringstream lines(outcome.out);
    size_t step = 0;
    double worst = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("step ", 0) != 0) continue;
      ASSERT_LT(step, expected.size());
      ASSERT_EQ(line.rfind(fmt::format("step {}: loss ", step + 1), 0), 0u) << line;
      const double loss = std::stod(line.substr(line.rfind(' ') + 1));
      worst = std::max(worst, std::abs(loss - expected[step]) / std::abs(expected[step]));
      EXPECT_LE(worst, tolerance) << "step " << step + 1 << ": " << loss << " instead of " << expected[step];
      ++step;
    }
    EXPECT_EQ(step, expected.size()) << outcome.out;
    fmt::print("{}: {} losses, largest relative difference {:.1e}\n", what, step, worst);
    std::filesystem::remove_all(folder_ / "p");
  }

  static Project templated(const std::string& id) {
    Project p = project::findTemplate(id).project();
    p.run.epochs = 2;
    return p;
  }

  test::TempFolder folder_;
};

// Their layers occur in the others too; most of them take long.
const std::set<std::string> kAlike{"lenet",        "vgg11",       "resnet18",        "resnet50",
                                   "mobilenet-v2", "densenet121", "efficientnet-b0", "vit-tiny"};

// Their losses read values inside the network, or two optimisers take turns: train.py says so.
const std::set<std::string> kRefused{"vae", "siamese", "distillation", "gan"};

TEST_F(ExportedTraining, RepeatsEveryTemplate) {
  for (const project::Template& t : project::templates()) {
    if (kAlike.contains(t.id) || kRefused.contains(t.id)) continue;
    Project p = t.project();
    p.run.epochs = 1;
    if (p.data.source == "idx") p.data.validation = 0.9;  // an epoch of a second
    if (p.data.path == "builtin:words" || p.data.path == "builtin:alice") p.data.validation = 0.8;
    if (p.data.source == "shapes") {
      p.data.params["samples"] = int64_t{60};
      p.data.params["size"] = int64_t{32};
      setByName(p, "image.shape", "3, 32, 32");
    }
    expectSameLosses(p, t.id);
  }
}

TEST_F(ExportedTraining, RepeatsBatchNormAndDropoutOnImages) {
  expectSameLosses(test::makeTinyProject(folder_ / "p"), "tiny digits");
}

TEST_F(ExportedTraining, RepeatsWeightedLossesInBf16) {
  Project p = test::makeTinyProject(folder_ / "p");
  p.run.precision = "bf16";
  run::LossTerm& term = p.run.objectives.front().terms.front();
  term.weight = 0.5;
  term.params = {{"weight", std::vector<double>{1, 0.5, 2, 1}}, {"label_smoothing", 0.1}};
  run::LossTerm second{.loss = "nll", .weight = 0.25};
  p.run.objectives.front().terms.push_back(second);
  expectSameLosses(p, "weighted losses in bf16");
}

TEST_F(ExportedTraining, RepeatsArrays) {
  const test::Outcome made = shell(fmt::format(
      "'{}' -c \"import numpy as n; g = n.random.default_rng(1); n.savez('a.npz', x_train=g.normal(size=(90, 10)), "
      "y_train=g.integers(0, 3, 90), x_val=g.normal(size=(30, 10)), y_val=g.integers(0, 3, 30))\"",
      test::peerPython()));
  ASSERT_EQ(made.status, 0) << made.err;
  Project p = templated("penguins");
  p.data = {};
  p.data.source = "numpy";
  p.data.path = (folder_ / "a.npz").string();
  p.data.transforms = {{"standardize", {{"per", std::string("column")}}, ""}};
  expectSameLosses(p, "arrays");
  EXPECT_THAT(readFile(folder_ / "out" / "requirements.txt"), HasSubstr("numpy=="));
}

TEST_F(ExportedTraining, RepeatsSeriesOfSeveralChannels) {
  std::string text = "day,a,b\n";
  for (int i = 0; i < 200; ++i)
    text += fmt::format("{},{},{}\n", i, i % 9 == 4 ? "" : std::to_string(i % 13), (i * 7) % 17);
  writeFileAtomic(folder_ / "series.csv", text);
  Project p = templated("sunspots-lstm");
  p.data.path = (folder_ / "series.csv").string();
  p.data.params = {{"features", std::string("a, b")}, {"stride", int64_t{2}},
                   {"window", int64_t{24}},           {"horizon", int64_t{1}},
                   {"target", std::string("a")},      {"missing", std::string("previous")}};
  p.data.validation = 0.2;
  p.data.test = 0;
  for (graph::Node& n : p.graph.nodes)
    if (n.kind == "input") n.params["shape"] = std::vector<int64_t>{24, 2};
  expectSameLosses(p, "series");
}

TEST_F(ExportedTraining, RepeatsRandomNumbersOfOneStream) {
  Project p = test::makeTinyProject(folder_ / "p");
  p.run.parity = true;
  expectSameLosses(p, "parity");
}

struct Method {
  const char *optimiser, *schedule;
  Attributes params;
  double tolerance = 1e-6;
};

std::vector<Method> methods() {
  return {
      {"sgd", "step(step_size=1, gamma=0.5)", {{"lr", 0.1}, {"momentum", 0.9}, {"nesterov", true}}},
      {"adamw", "cosine(warmup_steps=3)", {{"lr", 0.01}, {"beta1", 0.8}, {"amsgrad", true}}},
      {"rmsprop", "one_cycle(pct_start=0.2)", {{"lr", 0.005}, {"momentum", 0.5}, {"centered", true}}},
      {"adam", "plateau(patience=0, threshold=0.9)", {{"lr", 0.05}, {"weight_decay", 0.01}}},
      {"adam", "cosine(warmup_steps=1, T_max=9, eta_min=0.001)", {{"decoupled_weight_decay", true}}},
      {"adadelta", "constant_factor(total_iters=2)", {}},
      {"adagrad", "linear(total_iters=0, interval=step)", {{"lr_decay", 0.01}}},
      {"adamax", "exponential(gamma=0.9, interval=step)", {}},
      {"asgd", "multi_step(milestones=(3, 9), interval=step)", {{"lr", 0.1}}},
      {"nadam", "polynomial(total_iters=0, power=2)", {{"decoupled_weight_decay", true}, {"weight_decay", 0.1}}},
      {"radam", "cosine_restarts(T_0=4, T_mult=2, interval=step)", {}},
      {"rprop", "constant", {{"lr", 0.001}, {"etas", std::vector<double>{0.4, 1.3}}}},
      {"lion", "cyclic(max_lr=0.003, step_size_up=4)", {{"lr", 0.001}, {"beta2", 0.95}, {"weight_decay", 0.1}}},
      {"lbfgs", "chained(linear(total_iters=3), exponential)", {{"max_iter", int64_t{2}}, {"lr", 0.1}}},
      // PyTorch computes the length of a move in float32 here, the engine in float64: 3e-6 after 16 steps.
      {"lbfgs", "constant", {{"max_iter", int64_t{2}}, {"line_search_fn", std::string("strong_wolfe")}}, 1e-5},
      {"sgd", "sequential(linear(start_factor=0.1), cosine, milestones=5, interval=step)", {{"lr", 0.1}}},
      {"adam", "chained(sequential(constant_factor, step, milestones=1), one_cycle, interval=step)", {}},
  };
}

TEST(ExportedMethods, AreAll) {
  const auto all = methods();
  for (const run::OptimiserSpec& spec : run::optimisers())
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Method& m) { return m.optimiser == spec.id; }))
        << "Add a case for the optimiser '" << spec.id << "'.";
  for (const run::ScheduleSpec& spec : run::schedules()) {
    const auto has = [&](const Method& m) { return run::scheduleFromText(m.schedule).kind == spec.id; };
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), has)) << "Add a case for the schedule '" << spec.id << "'.";
  }
}

// As many epochs as the run, which ends by its first metric or by its loss, of the samples held back or, without any,
// of the training.
TEST_F(ExportedTraining, EndsEarlyWhereTheRunDid) {
  const auto expectSameEnd = [&](Project p, const std::string& what) {
    SCOPED_TRACE(what);
    p.run.epochs = 40;
    p.run.patience = 2;
    const std::string said = exported(p);
    const auto epochs = store::Database(project::databaseFile(folder_ / "p")).findRun("latest")->epochs;
    EXPECT_LT(epochs, 40);
    const test::Outcome outcome = shell(fmt::format("'{}' -B out/train.py", test::peerPython()));
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr(fmt::format("no progress in 2 epochs: ended after epoch {}\n", epochs)));
    std::filesystem::remove_all(folder_ / "out");
    std::filesystem::remove_all(folder_ / "p");
  };
  Project p = templated("penguins");
  p.run.objectives.front().optimiser = {"adam", {{"lr", 0.1}}, ""};
  p.run.metrics = {"accuracy"};
  expectSameEnd(p, "accuracy");
  p.run.metrics.clear();
  expectSameEnd(p, "loss");
  p.data.validation = 0;
  p.run.objectives.front().optimiser.params["lr"] = 1.0;
  expectSameEnd(p, "loss of the training");
  p.run.metrics = {"f1"};
  expectSameEnd(p, "f1 of the training");
}

std::string listText(std::span<const float> numbers) { return fmt::format("[{}]", fmt::join(numbers, ", ")); }

// Of scores with ties and labels that do not count, of logits with targets of 0 and 1, and of numbers.
TEST(ExportedMetrics, AreThoseOfTheRun) {
  constexpr int64_t kSamples = 60, kClasses = 7, kIgnored = 3;
  HostTensor scores(DType::Float32, {kSamples, kClasses}), labels(DType::Int64, {kSamples});
  HostTensor logits(DType::Float32, {kSamples, 1}), sides(DType::Float32, {kSamples, 1});
  std::mt19937 random(3);
  const auto draw = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (float& v : scores.as<float>()) v = static_cast<float>(draw(9)) / 4;
  for (int64_t& v : labels.as<int64_t>()) v = draw(static_cast<int>(kClasses));
  for (float& v : logits.as<float>()) v = static_cast<float>(draw(1000)) / 300 - 1.5F;
  for (float& v : sides.as<float>()) v = static_cast<float>(draw(2));
  std::string program =
      fmt::format(R"(import pathlib, torch

def metric(id, output, target):
    space = {{"IGNORED": {}}}
    for part in ("choices", "macro", "metric_" + id):
        exec((pathlib.Path("{}/resources/train") / (part + ".py")).read_text(), space)
    return space["metric"](output, target)

scores, labels = torch.tensor({}, dtype=torch.float32).reshape({}, -1), torch.tensor([{}])
logits, sides = (torch.tensor(x, dtype=torch.float32).unsqueeze(1) for x in ({}, {}))
)",
                  kIgnored, NETWRIGHT_SOURCE_DIR, listText(scores.as<float>()), kSamples,
                  fmt::join(labels.as<int64_t>(), ", "), listText(logits.as<float>()), listText(sides.as<float>()));
  std::vector<std::pair<std::string, double>> expected;
  for (const run::MetricSpec& spec : run::metrics()) {
    const auto add = [&](const run::MetricInput& batch, const char* arguments) {
      const auto metric = spec.make();
      metric->add(batch);
      expected.emplace_back(spec.id, metric->value());
      program += fmt::format("print(repr(metric(\"{}\", {})))\n", spec.id, arguments);
    };
    if (spec.task == run::Task::Numbers || spec.id != "top5") add({logits, sides}, "logits, sides");
    if (spec.task == run::Task::Classes) add({scores, labels, kIgnored}, "scores, labels");
  }
  const test::TempFolder folder;
  writeFileAtomic(folder / "metrics.py", program);
  const test::Outcome outcome =
      test::runShell("'" + test::peerPython() + "' '" + (folder / "metrics.py").string() + "'");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::istringstream lines(outcome.out);
  for (const auto& [id, value] : expected) {
    std::string line;
    ASSERT_TRUE(std::getline(lines, line)) << id;
    EXPECT_NEAR(std::stod(line), value, 1e-12) << id;
  }
}

class ExportedMethod : public ExportedTraining, public ::testing::WithParamInterface<Method> {};

TEST_P(ExportedMethod, IsRepeated) {
  const Method& m = GetParam();
  Project p = templated("spirals-mlp");
  p.run.batchSize = 128;
  p.run.epochs = 4;
  p.run.dropLast = true;
  run::Objective& o = p.run.objectives.front();
  o.optimiser = {m.optimiser, m.params, ""};
  o.schedule = run::scheduleFromText(m.schedule);
  o.clipNorm = 0.5;
  o.clipValue = 0.1;
  if (!run::findOptimiser(m.optimiser)->searches) {
    o.accumulate = 2;
    o.groups = {{"*.bias", {{"lr", 0.002}}, ""}};
    if (run::findOptimiser(m.optimiser)->findParam("weight_decay"))
      o.groups.push_back({"fc1.?eight", {{"weight_decay", 0.1}}, ""});
  }
  expectSameLosses(p, fmt::format("{} with {}", m.optimiser, m.schedule), m.tolerance);
}

INSTANTIATE_TEST_SUITE_P(Methods, ExportedMethod, ::testing::ValuesIn(methods()), [](const auto& info) {
  return fmt::format("{}_{}_{}", info.index, info.param.optimiser, run::scheduleFromText(info.param.schedule).kind);
});

TEST_F(ExportedTraining, IsLeftOutWherePyTorchHasNoSuchSchedule) {
  Project p = templated("penguins");
  p.run.objectives.front().schedule =
      run::scheduleFromText("sequential(step, cosine(warmup_steps=2), milestones=1, interval=step)");
  EXPECT_THAT(exported(p), HasSubstr("There is no train.py: PyTorch has no schedule for a cosine with warm-up within a "
                                     "sequence."));
}

TEST_F(ExportedTraining, RepeatsPartsOfTheParameters) {
  Project p = templated("penguins");
  p.run.objectives.front().parameters = "fc2.*";
  p.run.shuffle = false;
  expectSameLosses(p, "part of the parameters");
}

TEST_F(ExportedTraining, RepeatsWhatIsSaidOfParameters) {
  Project p = templated("penguins");
  p.run.frozen = {"fc1.bias"};
  p.run.initialisers = {{"*.weight", "orthogonal", {{"gain", 1.2}}, ""},
                        {"fc2.weight", "kaiming_normal", {{"nonlinearity", std::string("tanh")}}, ""},
                        {"*.bias", "constant", {{"val", 0.1}}, ""}};
  run::Objective& o = p.run.objectives.front();
  o.regularisers = {{"*.weight", "l2", 0.01, ""}, {"*", "l1", 1e-3, ""}, {"*", "orthogonal", 0.01, ""}};
  o.groups = {{"fc2.*", {}, "", 0.5}};
  expectSameLosses(p, "frozen, initialised and regularised", 1e-5);
}

TEST_F(ExportedTraining, SaysWhichLossesOfTheGraphItCannotRepeat) {
  Project vae = templated("vae");
  vae.data.validation = 0.95;
  EXPECT_THAT(exported(vae),
              HasSubstr("There is no train.py: The loss 'kl' is more than an output compared with a column."));
  std::filesystem::remove_all(folder_ / "p");
  EXPECT_THAT(exported(templated("gan")),
              HasSubstr("There is no train.py: It repeats runs of one objective that takes part in every batch."));
}

TEST_F(ExportedTraining, RepeatsDataOfFormulas) {
  for (const char* source : {"moons", "circles", "blobs", "sine"}) {
    Project p = templated("spirals-mlp");
    p.data.source = source;
    p.data.params = {{"samples", int64_t{400}}, {"seed", int64_t{7}}};
    p.data.validation = 0.25;
    p.data.test = 0.1;
    p.data.split = data::SplitMode::Random;
    if (std::string(source) == "sine") {
      for (graph::Node& n : p.graph.nodes) {
        if (n.kind == "input") n.params["shape"] = std::vector<int64_t>{1};
        if (n.name == "fc3") n.params["out_features"] = int64_t{1};
      }
      p.run.objectives.front().terms.front().loss = "huber";
      p.run.metrics = {"mae"};
    }
    expectSameLosses(p, source);
  }
}

TEST_F(ExportedTraining, RepeatsTablesWithGivenSets) {
  const std::string head = "\xEF\xBB\xBFsize;  kind ;\"the \"\"colour\"\"\";y\n";
  const auto rows = [&](int from, int to) {
    std::string text = head;
    for (int i = from; i < to; ++i)
      text += fmt::format("{},{};{};{};{}\r\n", i % 7, i % 10, i % 3 ? "round" : "a \"flat\" one", i % 5 ? "red" : "",
                          i % 11 == 3 ? "?" : fmt::format("{},5", i % 4));
    return text;
  };
  std::filesystem::create_directories(folder_ / "table");
  writeFileAtomic(folder_ / "table" / "train.csv", rows(0, 60));
  writeFileAtomic(folder_ / "table" / "val.csv", rows(60, 80));
  for (const bool drop : {false, true}) {
    Project p = templated("penguins");
    p.data = {};
    p.data.source = "csv";
    p.data.path = (folder_ / "table").string();
    p.data.params = {{"encode", std::string("one_hot")},
                     {"decimal", std::string("comma")},
                     {"missing", std::string(drop ? "drop" : "keep")}};
    p.data.transforms = {{"min_max", {{"low", -1.0}, {"columns", std::string("all")}}, ""}};
    for (graph::Node& n : p.graph.nodes) {
      if (n.kind == "input") n.params["shape"] = std::vector<int64_t>{drop ? 4 : 5};
      if (n.name == "fc2") n.params["out_features"] = int64_t{1};
    }
    p.run.objectives.front().terms.front() = {.loss = "mse"};
    p.run.metrics = {"r2"};
    p.run.batchSize = 8;
    expectSameLosses(p, drop ? "table, rows left out" : "table");
  }
}

TEST_F(ExportedTraining, RepeatsTablesWithCategoriesAsNumbers) {
  std::string text = "size\tkind\tcolour\ty\n";
  for (int i = 0; i < 80; ++i)
    text += fmt::format("{}\t{}\t{}\t{}\n", i % 7, i % 3 ? "round" : "flat", i % 5 ? "red" : "NA", i % 4);
  writeFileAtomic(folder_ / "table.tsv", text);
  Project p = templated("penguins");
  p.data = {};
  p.data.source = "csv";
  p.data.path = (folder_ / "table.tsv").string();
  p.data.params = {{"encode", std::string("index")}, {"target_type", std::string("class")}};
  const auto input = [&](const char* name, const std::vector<int64_t>& shape, const char* dtype) {
    test::add(p.graph, {"input", name, {{"shape", shape}, {"dtype", std::string(dtype)}}});
  };
  p.graph = {};
  input("x", {1}, "float");
  input("kind", {}, "int64");
  input("colour", {}, "int64");
  for (const char* name : {"kind", "colour"})
    test::add(p.graph,
              {"embedding", fmt::format("{}s", name), {{"num_embeddings", int64_t{2}}, {"embedding_dim", int64_t{4}}}},
              {name});
  test::add(p.graph, {"concat", "all", {}}, {"x", "kinds", "colours"});
  test::add(p.graph, {"linear", "fc", {{"out_features", int64_t{4}}}}, {"all"});
  test::add(p.graph, {"output", "class", {}}, {"fc"});
  p.run.batchSize = 8;
  expectSameLosses(p, "categories as numbers");
}

TEST_F(ExportedTraining, TakesDataElsewhereAndSaysWhatIsMissing) {
  Project p = templated("penguins");
  exported(p);
  const std::string script = fmt::format("'{}' -B out/train.py ", test::peerPython());
  EXPECT_THAT(shell(script + "--data nowhere").err, HasSubstr("there is no nowhere: give --data"));
  EXPECT_EQ(
      shell("cp -r '" NETWRIGHT_SOURCE_DIR "/resources/data/penguins' here && " + script + "--data here --output w.pth")
          .status,
      0);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "w.pth"));
}

TEST_F(ExportedTraining, IsLeftOutWithAReasonWhereItCannotBe) {
  Project p = templated("penguins");
  p.run.objectives.push_back(p.run.objectives.front());
  p.run.objectives[0].parameters = "fc1.*";
  p.run.objectives[1].parameters = "fc2.*";
  const std::string said = exported(p);
  EXPECT_THAT(said,
              HasSubstr("There is no train.py: It repeats runs of one objective that takes part in every batch."));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out" / "train.py"));
  EXPECT_THAT(readFile(folder_ / "out" / "README.md"), HasSubstr("There is no train.py: It repeats runs of one"));
}

TEST_F(ExportedTraining, IsLeftOutWhereTheNetworkEndsInProbabilities) {
  exported(templated("spirals-mlp"));
  const std::string said =
      shell("netwright-cli export p --format pytorch -o again --set probabilities=true --set input_names=point").out;
  EXPECT_THAT(said, HasSubstr("There is no train.py: What was exported gives probabilities"));
  EXPECT_THAT(readFile(folder_ / "again" / "model.py"), HasSubstr("def forward(self, point):"));
}

TEST_F(ExportedTraining, IsWrittenAlikeTwice) {
  exported(templated("spirals-mlp"));
  ASSERT_EQ(shell("netwright-cli export p latest --format pytorch -o again").status, 0);
  EXPECT_EQ(shell("diff -r out again").out, "");
}

TEST_F(ExportedTraining, TheProofSaysWhetherPythonRanTheNetwork) {
  const std::string without = exported(templated("spirals-mlp"));
  EXPECT_THAT(without,
              HasSubstr("weights.pth and weights.safetensors read back and compared with the weights, number by "
                        "number. model.py was not run, because no Python with PyTorch was found "
                        "(/nowhere/python; NETWRIGHT_PYTHON names another)."));
  const std::string with = shell("netwright-cli export p latest --format pytorch -o again", test::peerPython()).out;
  EXPECT_THAT(with, HasSubstr("the engine on the network against model.py with its weights in PyTorch 2."));
}

}  // namespace
}  // namespace netwright
