// SPDX-License-Identifier: Apache-2.0
// Control flow in the engine: values and gradients against the same graph drawn flat or written in LibTorch, ways that
// differ from batch to batch, random numbers of each step, errors and stopping.
#include "core/engine/control.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "core/engine/network.h"
#include "core/engine/node_error.h"
#include "core/layers/lower_graph.h"
#include "core/run/config.h"
#include "tests/support/control_graphs.h"
#include "tests/support/message_of.h"

namespace netwright::engine {
namespace {

using graph::Document;
using netwright::test::add;
using netwright::test::addControl;
using netwright::test::code;
using netwright::test::ControlCase;
using netwright::test::controlCases;
using netwright::test::define;
using netwright::test::messageOf;
using Ints = std::vector<int64_t>;

HostTensor numbers(const Ints& shape, float scale = 1, float shift = 0) {
  HostTensor t(DType::Float32, shape);
  for (int64_t i = 0; i < t.count(); ++i)
    t.as<float>()[static_cast<size_t>(i)] = scale * static_cast<float>((i * 37 % 101) - 50) / 50.0F + shift;
  return t;
}

Network start(const Document& d, const std::vector<layers::LossRequest>& losses = {}) {
  const layers::Lowered lowered = layers::lowerGraph(d, losses);
  for (const Diagnostic& x : lowered.diagnostics)
    if (x.severity == Severity::Error) ADD_FAILURE() << x.text();
  Network n(lowered.program, {});
  n.initialise(4);
  n.setObjectives({{"sgd", "*", run::completeParams(run::Optimiser{"sgd", {}})}});
  return n;
}

std::vector<float> values(const HostTensor& t) {
  const auto all = t.as<float>();
  return {all.begin(), all.end()};
}

struct Answers {
  std::vector<HostTensor> outputs;
  std::map<std::string, std::vector<float>> gradients;  // by what stands behind the last "fc" or the input's name
};
Answers answers(Network& n, const HostTensor& x) {
  Answers a;
  std::vector<HostTensor> ones;
  for (HostTensor& t : n.predict({&x})) {
    std::fill(t.as<float>().begin(), t.as<float>().end(), 1.0F);
    ones.push_back(std::move(t));
  }
  for (const NamedTensor& g : n.gradients({&x}, ones, Mode::Eval, &a.outputs)) a.gradients[g.name] = values(g.tensor);
  return a;
}

void expectNear(const std::vector<float>& a, const std::vector<float>& b, const std::string& what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-5F * (1 + std::abs(b[i]))) << what << " " << i;
}

// fc and tanh so many times, with the weights of the first.
Document deep(int64_t times) {
  Document d;
  add(d, {"input", "x", {{"shape", Ints{6}}}});
  std::string last = "x";
  for (int64_t i = 0; i < times; ++i) {
    const std::string n = std::to_string(i);
    add(d, {"linear", "fc" + n, {{"out_features", int64_t{6}}}}, {last});
    if (i > 0) d.nodes.back().shared["*"] = {{d.findByName("fc0")->id}, ""};
    add(d, {"tanh", "act" + n, {}}, {"fc" + n});
    last = "act" + n;
  }
  add(d, {"output", "out", {}}, {last});
  return d;
}

void expectAsDrawn(Network& loop, const HostTensor& x, int64_t times) {
  Network flat = start(deep(times));
  std::vector<NamedTensor> weights = loop.weights();
  for (NamedTensor& w : weights) w.name = "fc0" + w.name.substr(w.name.rfind('.'));
  if (times > 0) flat.setWeights(weights);
  const Answers a = answers(loop, x), b = answers(flat, x);
  expectNear(values(a.outputs[0]), values(b.outputs[0]), "output");
  expectNear(a.gradients.at("x"), b.gradients.at("x"), "x");
  if (times == 0) {
    EXPECT_EQ(a.gradients.size(), 1u);
    return;
  }
  expectNear(a.gradients.at("loop.fc.weight"), b.gradients.at("fc0.weight"), "weight");
  expectNear(a.gradients.at("loop.fc.bias"), b.gradients.at("fc0.bias"), "bias");
}

TEST(Control, ACountedLoopIsWhatIsDrawnOneBehindTheOther) {
  Network n = start(test::controlGraph("counted"));
  const HostTensor x = numbers({4, 6});
  expectAsDrawn(n, x, 3);
}

TEST(Control, TheBatchSaysHowOftenALoopRuns) {
  Network n = start(test::controlGraph("live count"));
  for (const auto& [scale, times] :
       std::vector<std::pair<float, int64_t>>{{0.0F, 0}, {0.3F, 1}, {1.0F, 5}, {0.6F, 3}}) {
    const HostTensor x = numbers({4, 6}, scale);
    double mean = 0;
    for (const float v : x.as<float>()) mean += std::abs(v) / 24.0;
    ASSERT_EQ(static_cast<int64_t>(mean * 10), times);
    expectAsDrawn(n, x, times);
  }
}

TEST(Control, AWhileLoopGoesOnAsLongAsItsConditionHolds) {
  Network n = start(test::controlGraph("while"));
  const auto largest = [&](float scale) {
    const HostTensor x = numbers({2, 6}, scale);
    float before = 0, after = 0;
    for (const float v : x.as<float>()) before = std::max(before, std::abs(v));
    for (const float v : values(n.predict({&x})[0])) after = std::max(after, std::abs(v));
    return std::pair(before, after);
  };
  for (const float scale : {0.1F, 0.5F, 3.0F, 40.0F}) {
    auto [expected, after] = largest(scale);
    if (expected > 0.2F) expected *= 0.5F;
    while (expected > 0.1F) expected *= 0.5F;
    EXPECT_FLOAT_EQ(after, expected) << scale;
  }
}

TEST(Control, ResultsOfEachStepAreStacked) {
  Network n = start(test::controlGraph("stacked"));
  const HostTensor x = numbers({4, 6});
  const auto out = n.predict({&x});
  EXPECT_EQ(out[1].shape, (Ints{4, 3, 2}));
  for (int64_t i = 0; i < 4; ++i)  // the last part is of the last value
    for (int64_t k = 0; k < 2; ++k)
      EXPECT_EQ(out[1].as<float>()[static_cast<size_t>((i * 3 + 2) * 2 + k)],
                out[0].as<float>()[static_cast<size_t>(i * 6 + k)]);
  Network early = start(test::controlGraph("early exit"));
  const HostTensor small = numbers({4, 6}, 0.001F), large = numbers({4, 6}, 10);
  EXPECT_EQ(early.predict({&small})[1].shape, (Ints{4, 6}));
  EXPECT_EQ(early.predict({&large})[1].shape, (Ints{4, 6}));
}

TEST(Control, OnlyTheWayThatIsTakenHasGradients) {
  Network n = start(test::controlGraph("if"));
  const Answers thorough = answers(n, [] { return numbers({4, 6}, 1, 2); }());
  const Answers quick = answers(n, [] { return numbers({4, 6}, 1, -2); }());
  EXPECT_TRUE(thorough.gradients.contains("way.then.fc1.weight"));
  EXPECT_FALSE(quick.gradients.contains("way.then.fc1.weight"));
  EXPECT_EQ(quick.gradients.at("x"), std::vector<float>(24, 2.0F));
  const HostTensor x = numbers({4, 6}, 1, -2);
  EXPECT_FLOAT_EQ(values(quick.outputs[0])[5], 2 * x.as<float>()[5]);
}

TEST(Control, ASwitchRunsTheBodyOfItsNumber) {
  Network n = start(test::controlGraph("switch"));
  for (size_t which = 0; which < 3; ++which) {
    HostTensor x = numbers({4, 6});
    for (size_t i = 0; i < 4; ++i) x.as<float>()[i * 6 + which] = 9;
    const Answers a = answers(n, x);
    EXPECT_EQ(a.gradients.contains("way.0.fc.weight"), which == 0);
    EXPECT_EQ(a.gradients.contains("way.1.fc.weight"), which == 1);
    if (which == 2) {
      EXPECT_FLOAT_EQ(values(a.outputs[0])[2], -9);
    }
  }
  Document d = test::controlGraph("switch");
  const_cast<graph::Node*>(d.findByName("which"))->params["code"] = std::string("y = (x.mean() * 0).int() + 3");
  Network wrong = start(d);
  const HostTensor x = numbers({4, 6});
  EXPECT_THAT(messageOf([&] { wrong.predict({&x}); }),
              ::testing::HasSubstr("Switch 'way' has no body 3: it has 3, numbered from 0."));
}

TEST(Control, AScanIsARecurrentNetwork) {
  Network n = start(test::controlGraph("scan"));
  const HostTensor x = numbers({2, 4, 5});
  const auto out = n.predict({&x});
  std::map<std::string, std::vector<float>> w;
  for (const NamedTensor& t : n.weights()) w[t.name] = values(t.tensor);
  double mean = 0;
  for (const float v : x.as<float>()) mean += v / 40.0;
  for (size_t s = 0; s < 2; ++s) {
    std::vector<double> h(w.at("start.w").begin(), w.at("start.w").end());
    for (size_t t = 0; t < 4; ++t) {
      std::vector<double> next(6);
      for (size_t j = 0; j < 6; ++j) {
        double sum = w.at("scan.recurrent.bias")[j] + w.at("scan.into.bias")[j];
        for (size_t k = 0; k < 6; ++k) sum += w.at("scan.recurrent.weight")[j * 6 + k] * h[k];
        for (size_t k = 0; k < 5; ++k) sum += w.at("scan.into.weight")[j * 5 + k] * x.as<float>()[(s * 4 + t) * 5 + k];
        next[j] = std::tanh(sum) * (mean + 1);
      }
      h = next;
      for (size_t j = 0; j < 6; ++j) EXPECT_NEAR(out[1].as<float>()[(s * 4 + t) * 6 + j], h[j], 1e-5);
    }
  }
}

TEST(Control, EachSampleOfAMapGoesItsOwnWay) {
  Network n = start(test::controlGraph("mixture of experts"));
  const HostTensor x = numbers({12, 6}, 3);
  const Answers all = answers(n, x);
  EXPECT_TRUE(all.gradients.contains("each.gate.weight"));
  for (int64_t i = 0; i < 12; ++i) {  // alone it comes out as in the batch
    HostTensor one(DType::Float32, {1, 6});
    std::copy_n(x.as<float>().begin() + i * 6, 6, one.as<float>().begin());
    const std::vector<float> alone = values(n.predict({&one})[0]);
    for (int64_t k = 0; k < 6; ++k)
      EXPECT_NEAR(alone[static_cast<size_t>(k)], all.outputs[0].as<float>()[static_cast<size_t>(i * 6 + k)], 1e-6);
  }
}

TEST(Control, TellsWhichWaysWereTaken) {
  Document d = test::controlGraph("if inside a loop");
  Network n = start(d, {{"mse", {}, 1, 0, "", "target", {DType::Float32, {6}}}});
  const HostTensor x = numbers({4, 6}, 1, -0.2F), target = numbers({4, 6});
  n.watchNext();
  const StepResult result = n.trainStep({&x, &target}, {});
  std::map<size_t, std::vector<std::vector<int64_t>>> runs;
  for (const NodeStatistic& s : result.nodes)
    if (!s.runs.empty()) runs[s.runs.size()].push_back(s.runs);
  ASSERT_EQ(runs[1].size(), 1u);
  EXPECT_EQ(runs[1][0], std::vector<int64_t>{4});
  ASSERT_EQ(runs[2].size(), 1u);
  EXPECT_EQ(runs[2][0][0] + runs[2][0][1], 4);
}

TEST(Control, EveryStepDrawsItsOwnRandomNumbersAndABatchCanBeRepeated) {
  Document d;
  add(d, {"input", "x", {{"shape", Ints{40}}}});
  const BlockId body = define(d, "Noise", {"h"},
                              {{{"dropout", "drop", {}}, {"h"}},
                               {{"block_output", "y", {}}, {"drop"}},
                               {code("part", "z = h.clone()"), {"h=drop"}},
                               {{"block_output", "each", {}}, {"part:z"}}});
  addControl(d, {"loop", "loop", {{"count", int64_t{4}}, {"carried", int64_t{0}}}}, {body}, {"h=x"});
  add(d, {"output", "out", {}}, {"loop:each"});
  layers::Lowered lowered = layers::lowerGraph(d);
  ASSERT_TRUE(lowered.ok()) << lowered.diagnostics[0].text();
  Network n(lowered.program, {});
  n.initialise(1);
  const HostTensor x = numbers({1, 40}, 1, 2);
  std::vector<HostTensor> ones{HostTensor(DType::Float32, {1, 4, 40})}, first;
  const auto draw = [&] {
    std::vector<HostTensor> out;
    n.gradients({&x}, ones, Mode::Train, &out);
    return values(out[0]);
  };
  const std::vector<float> once = draw();
  EXPECT_EQ(once, draw());
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < a; ++b)
      EXPECT_NE(std::vector<float>(once.begin() + a * 40, once.begin() + a * 40 + 40),
                std::vector<float>(once.begin() + b * 40, once.begin() + b * 40 + 40));
}

Document endless(int64_t limit) {
  Document d;
  add(d, {"input", "x", {{"shape", Ints{6}}}});
  const BlockId body = define(d, "For ever", {"h"},
                              {{code("next", "y = h * 1"), {"h=h"}},
                               {{"block_output", "y", {}}, {"next:y"}},
                               {code("yes", "y = h.mean() * 0 == 0"), {"h=h"}},
                               {{"block_output", "again", {}}, {"yes:y"}}});
  addControl(d, {"loop", "loop", {{"count", None{}}, {"limit", limit}}}, {body}, {"h=x"});
  add(d, {"output", "out", {}}, {"loop:y"});
  return d;
}

TEST(Control, ALoopThatNeverEndsIsAnError) {
  Network n = start(endless(1000));
  const HostTensor x = numbers({1, 6});
  EXPECT_THAT(messageOf([&] { n.predict({&x}); }), ::testing::HasSubstr("Loop 'loop' did not stop after 1,000 steps."));
}

TEST(Control, ALoopThatNeverEndsIsStoppedAtOnce) {
  Network n = start(endless(1'000'000), {{"mse", {}, 1, 0, "", "target", {DType::Float32, {6}}}});
  const HostTensor x = numbers({1, 6}), target = numbers({1, 6});
  std::atomic<bool> stop{false};
  n.setInterrupt(&stop);
  std::thread other([&] { stop = true; });
  EXPECT_THROW(n.trainStep({&x, &target}, {}), Interrupted);
  other.join();
  n.setInterrupt(nullptr);
}

TEST(Control, NothingCanBeStackedWithoutAStep) {
  Document d = test::controlGraph("stacked");
  const_cast<graph::Node*>(d.findByName("loop"))->params["count"] = int64_t{0};
  Network n = start(d);
  const HostTensor x = numbers({1, 6});
  EXPECT_THAT(messageOf([&] { n.predict({&x}); }), ::testing::HasSubstr("nothing to stack at 'parts'"));
}

TEST(Control, WeightsInsideABodyBeginByTheDataToo) {
  layers::Lowered lowered = layers::lowerGraph(test::controlGraph("counted"));
  lowered.program.starts.push_back({0, "lsuv", {{"tolerance", 0.01}, {"max_iter", int64_t{30}}}});
  Network n(lowered.program, {});
  n.initialise(4);
  const HostTensor x = numbers({32, 6});
  n.startFromData({&x});
  Network flat = start(deep(3));
  std::vector<NamedTensor> weights = n.weights();
  for (NamedTensor& w : weights) w.name = "fc0" + w.name.substr(w.name.rfind('.'));
  flat.setWeights(weights);
  for (const NamedTensor& value : flat.values({&x})) {
    if (value.name != "fc2") continue;  // the last step
    double sum = 0, squares = 0;
    for (const float v : value.tensor.as<float>()) sum += v, squares += double{v} * v;
    const auto count = static_cast<double>(value.tensor.count());
    EXPECT_NEAR(squares / count - sum / count * (sum / count), 1, 0.05);
  }
}

TEST(Control, TrainsThroughEveryWay) {
  for (const ControlCase& c : controlCases()) {
    SCOPED_TRACE(c.name);
    const layers::Lowered plain = layers::lowerGraph(c.graph);
    const program::Shape shape = plain.program.tensorType(plain.program.outputs[0].value).shape;
    Network n = start(c.graph, {{"mse",
                                 {},
                                 1,
                                 0,
                                 plain.program.outputs[0].name,
                                 "target",
                                 {DType::Float32, {shape.begin() + 1, shape.end()}}}});
    Ints batch{8}, target{8};
    batch.insert(batch.end(), c.sample.begin(), c.sample.end());
    for (size_t i = 1; i < shape.size(); ++i) target.push_back(*shape[i].constant());
    const HostTensor x = numbers(batch), y = numbers(target, 0.3F);
    double first = 0, last = 0;
    for (int step = 0; step < 30; ++step) {
      last = n.trainStep({&x, &y}, {1, step}).loss;
      if (step == 0) first = last;
    }
    if (n.weights().empty() || c.name == "if") continue;
    EXPECT_LT(last, first);
  }
}

}  // namespace
}  // namespace netwright::engine
