// SPDX-License-Identifier: Apache-2.0
// One arm of a speed bar in a process of its own, as tests/bench/compare wants it: prints "name arm value ms".
// Usage: nw_bench p1|bare|p2|p3|p4|bare4|p5|edit|blocks|control|watch|load [DATA_FOLDER]. The workloads are those of the
// PyTorch side: same networks, batches, optimiser.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <random>
#include <string>

#include "core/data/data_config.h"
#include "core/data/sampler.h"
#include "core/engine/network.h"
#include "core/engine/process.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"
#include "core/program/memory.h"
#include "core/run/config.h"
#include "core/run/metric.h"
#include "core/train/watch_pace.h"
#include "tests/bench/bare.h"
#include "tests/bench/blocks.h"
#include "tests/bench/control.h"

namespace {

using namespace netwright;
using Clock = std::chrono::steady_clock;

double msSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

graph::Document chain(std::vector<int64_t> input, const std::vector<std::pair<std::string, Attributes>>& kinds) {
  graph::Document d;
  const auto add = [&](const std::string& kind, const Attributes& params) {
    graph::Node n = layers::newNode(*layers::findLayer(kind), d, {});
    for (const auto& [key, value] : params) n.params[key] = value;
    d.nodes.push_back(n);
    if (d.nodes.size() > 1) d.wires.push_back({{d.nodes[d.nodes.size() - 2].id, "y"}, {n.id, "x"}});
  };
  add("input", {{"shape", std::move(input)}});
  for (const auto& [kind, params] : kinds) add(kind, params);
  add("output", {});
  return d;
}

Attributes conv(int64_t out) { return {{"out_channels", out}, {"padding", std::vector<int64_t>{1, 1}}}; }
Attributes fc(int64_t out) { return {{"out_features", out}}; }

// `labels`: shape of one sample's classes.
engine::Network network(const graph::Document& d, bool channelsLast, program::Shape labels = {}) {
  engine::Network n(
      layers::lowerGraph(d, {{"cross_entropy", {}, 1, 0, "", "label", {DType::Int64, std::move(labels)}}}).program,
      {"cpu", DType::Float32, channelsLast});
  n.initialise(0);
  n.setObjectives({{"adam", "*", run::completeParams(run::Optimiser{"adam", {}})}});
  return n;
}

// Milliseconds of a training step: the best of five rounds of `steps`.
double bestStep(engine::Network& n, const engine::Feeds& feeds, int64_t steps) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const auto start = Clock::now();
    for (int64_t step = 0; step < steps; ++step) n.trainStep(feeds, {0, step});
    best = std::min(best, msSince(start) / static_cast<double>(steps));
  }
  return best;
}

engine::Network cnn() {
  return network(chain({1, 28, 28}, {{"conv2d", conv(32)},
                                     {"relu", {}},
                                     {"max_pool2d", {}},
                                     {"conv2d", conv(64)},
                                     {"relu", {}},
                                     {"max_pool2d", {}},
                                     {"flatten", {}},
                                     {"linear", fc(128)},
                                     {"relu", {}},
                                     {"linear", fc(10)}}),
                 true);
}

// MLP 20-64-64-2, batch 32, Adam: best of five rounds of 500 steps.
double p1() {
  engine::Network n = network(
      chain({20}, {{"linear", fc(64)}, {"relu", {}}, {"linear", fc(64)}, {"relu", {}}, {"linear", fc(2)}}), false);
  engine::setThreads(0, n.program().macs().evaluate({{"N", 32}}).value_or(0));  // as a session does
  HostTensor x(DType::Float32, {32, 20}), label(DType::Int64, {32});
  std::mt19937 random(1);
  for (float& v : x.as<float>()) v = std::normal_distribution<float>()(random);
  for (int64_t& v : label.as<int64_t>()) v = static_cast<int64_t>(random() % 2);
  return bestStep(n, {&x, &label}, 500);
}

// A graph that branches, node by node; `add` returns the new node for the next one to come from.
struct Branching {
  graph::Document document;
  NodeId add(const std::string& kind, const Attributes& params, std::vector<NodeId> from) {
    const layers::LayerSpec& layer = *layers::findLayer(kind);
    graph::Node n = layers::newNode(layer, document, {});
    for (const auto& [key, value] : params) n.params[key] = value;
    document.nodes.push_back(n);
    for (size_t i = 0; i < from.size(); ++i) document.wires.push_back({{from[i], "y"}, {n.id, layer.inputs[i].name}});
    return n.id;
  }
};

// ResNet-18 for 32x32 (He et al. 2015), as peers.py has it.
graph::Document resnet18() {
  Branching g;
  const auto convolution = [&](NodeId x, int64_t out, int64_t kernel, int64_t stride) {
    const int64_t pad = kernel / 2;
    x = g.add("conv2d",
              {{"out_channels", out},
               {"kernel_size", std::vector<int64_t>{kernel, kernel}},
               {"stride", std::vector<int64_t>{stride, stride}},
               {"padding", std::vector<int64_t>{pad, pad}},
               {"bias", false}},
              {x});
    return g.add("batch_norm2d", {}, {x});
  };
  NodeId x = g.add("input", {{"shape", std::vector<int64_t>{3, 32, 32}}}, {});
  x = g.add("relu", {}, {convolution(x, 64, 3, 1)});
  int64_t in = 64;
  for (const auto& [out, stride] : std::vector<std::pair<int64_t, int64_t>>{
           {64, 1}, {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}}) {
    const NodeId y = convolution(g.add("relu", {}, {convolution(x, out, 3, stride)}), out, 3, 1);
    const NodeId shortcut = stride != 1 || in != out ? convolution(x, out, 1, stride) : x;
    x = g.add("relu", {}, {g.add("add", {}, {y, shortcut})});
    in = out;
  }
  x = g.add("flatten", {}, {g.add("adaptive_avg_pool2d", {{"output_size", std::vector<int64_t>{1, 1}}}, {x})});
  g.add("output", {}, {g.add("linear", fc(10), {x})});
  return g.document;
}

// ResNet-18 on 32x32, batch 32: best of five rounds of two steps.
double p4() {
  engine::Network n = network(resnet18(), true);
  HostTensor x(DType::Float32, {32, 3, 32, 32}), label(DType::Int64, {32});
  std::mt19937 random(1);
  for (float& v : x.as<float>()) v = std::normal_distribution<float>()(random);
  for (int64_t& v : label.as<int64_t>()) v = static_cast<int64_t>(random() % 10);
  return bestStep(n, {&x, &label}, 2);
}

// The small transformer of peers.py: 64 symbols, places learned, two pre-norm blocks of width 64 with 4 heads, next
// symbol.
graph::Document gpt() {
  Branching g;
  NodeId x = g.add("input", {{"shape", std::vector<int64_t>{32}}, {"dtype", std::string("int64")}}, {});
  x = g.add("embedding", {{"num_embeddings", int64_t{64}}, {"embedding_dim", int64_t{64}}}, {x});
  x = g.add("positional_encoding", {}, {x});
  for (int block = 0; block < 2; ++block) {
    x = g.add("add", {}, {x, g.add("multihead_attention", {}, {g.add("layer_norm", {}, {x})})});
    const NodeId wide = g.add("gelu", {}, {g.add("linear", fc(256), {g.add("layer_norm", {}, {x})})});
    x = g.add("add", {}, {x, g.add("linear", fc(64), {wide})});
  }
  g.add("output", {}, {g.add("transpose", {}, {g.add("linear", fc(64), {x})})});
  return g.document;
}

// Next-symbol training of the small transformer, 16 sequences of 32: best of five rounds of 50 steps.
double p2() {
  engine::Network n = network(gpt(), true, {program::Dim(32)});
  HostTensor x(DType::Int64, {16, 32}), label(DType::Int64, {16, 32});
  std::mt19937 random(1);
  for (HostTensor* t : {&x, &label})
    for (int64_t& v : t->as<int64_t>()) v = static_cast<int64_t>(random() % 64);
  return bestStep(n, {&x, &label}, 50);
}

// MNIST epochs of the CNN with loading and normalisation. p3: one epoch after loading; p5: until 98 % of the test set,
// from main().
double mnist(const std::string& folder, bool untilGood, Clock::time_point processStart) {
  data::DataConfig config;
  config.path = folder;
  config.transforms = {{"to_float", {}}, {"normalize", {{"mean", 0.1307}, {"std", 0.3081}}}};
  config.validation = 0;
  const data::DataSplits data = data::openData(config, "");
  engine::Network n = cnn();
  data::Batch batch;
  int64_t step = 0;
  const auto start = Clock::now();
  for (int64_t epoch = 1; epoch <= (untilGood ? 10 : 1); ++epoch) {
    const auto order = data::epochOrder(data.trainSamples, 0, epoch);
    for (size_t at = 0; at < order.size(); at += 64) {
      data.train->read(std::span(order).subspan(at, std::min<size_t>(64, order.size() - at)), batch);
      n.trainStep({&batch.columns[0].tensor, &batch.columns[1].tensor}, {0, ++step});
    }
    if (!untilGood) break;
    const auto accuracy = run::findMetric("accuracy")->make();
    std::vector<int64_t> samples(500);
    for (int64_t from = 0; from < data.test->size(); from += 500) {
      for (int64_t i = 0; i < 500; ++i) samples[static_cast<size_t>(i)] = from + i;
      data.test->read(samples, batch);
      const auto outputs = n.predict({&batch.columns[0].tensor, nullptr});
      accuracy->add({outputs[0], batch.columns[1].tensor});
    }
    if (accuracy->value() >= 0.98) break;
  }
  return msSince(untilGood ? processStart : start);
}

double threadMs() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

// What the statistics of nodes cost a step (P8), in processor time of the one thread that trains: medians, and the
// share of a run that train::WatchPace lets them take.
double watch(const char* name, engine::Network n, const engine::Feeds& feeds, int steps) {
  engine::setThreads(1);
  std::vector<double> plain, watched;
  for (int step = 0; step < steps; ++step) {
    const bool look = step % 4 == 3;
    if (look) n.watchNext();
    const double start = threadMs();
    n.trainStep(feeds, {0, step});
    (look ? watched : plain).push_back(threadMs() - start);
  }
  const auto median = [](std::vector<double>& times) {
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
    return times[times.size() / 2];
  };
  const double usual = median(plain), extra = std::max(0.0, median(watched) - usual);
  std::printf("watch %s: a step %.3f ms, watched %.3f ms more, %.2f %% of a run\n", name, usual, extra,
              100 * extra / (extra + 1e3 * train::watchPause(extra / 1e3)));
  return extra;
}

double watchAll() {
  HostTensor image(DType::Float32, {64, 1, 28, 28}), row(DType::Float32, {32, 20});
  HostTensor digit(DType::Int64, {64}), side(DType::Int64, {32});
  std::mt19937 random(1);
  for (HostTensor* t : {&image, &row})
    for (float& v : t->as<float>()) v = std::normal_distribution<float>()(random);
  for (HostTensor* t : {&digit, &side})
    for (int64_t& v : t->as<int64_t>()) v = static_cast<int64_t>(random() % 2);
  watch("MLP",
        network(chain({20}, {{"linear", fc(64)}, {"relu", {}}, {"linear", fc(64)}, {"relu", {}}, {"linear", fc(2)}}),
                false),
        {&row, &side}, 2000);
  return watch("CNN", cnn(), {&image, &digit}, 100);
}

// Lowering a 1,000-node graph with shapes, costs and diagnostics after one edit (P12): median of 21.
double edit() {
  std::vector<std::pair<std::string, Attributes>> kinds;
  for (int i = 0; i < 333; ++i) {
    kinds.push_back({"conv2d", conv(8)});
    kinds.push_back({"batch_norm2d", {}});
    kinds.push_back({"relu", {}});
  }
  graph::Document d = chain({8, 16, 16}, kinds);
  std::vector<double> times;
  for (int i = 0; i < 21; ++i) {
    d.nodes[1].params["out_channels"] = int64_t{8 + i % 2};
    const auto start = Clock::now();
    const layers::Lowered lowered = layers::lowerGraph(d);
    program::activationBytes(lowered.program);
    times.push_back(msSince(start));
  }
  std::sort(times.begin(), times.end());
  return times[10];
}

}  // namespace

int main(int argc, char** argv) {
  const auto start = Clock::now();
  engine::prepareProcess();
  engine::setThreads(2);
  const std::string work = argc > 1 ? argv[1] : "", folder = argc > 2 ? argv[2] : "";
  double ms = -1;
  if (work == "p1")
    ms = p1();
  else if (work == "bare")
    ms = bench::bareMlp();
  else if (work == "bare4")
    ms = bench::bareResNet18();
  else if (work == "p2")
    ms = p2();
  else if (work == "p4")
    ms = p4();
  else if (work == "p3")
    ms = mnist(folder, false, start);
  else if (work == "p5")
    ms = mnist(folder, true, start);
  else if (work == "edit")
    ms = edit();
  else if (work == "blocks")
    ms = bench::blocks();
  else if (work == "control")
    ms = bench::control();
  else if (work == "watch")
    ms = watchAll();
  else if (work == "load")
    ms = msSince(start);  // nothing but loading LibTorch, for tests/bench/startup
  if (ms < 0) return std::puts("usage: nw_bench p1|bare|p2|p3|p4|bare4|p5|edit|blocks|control|watch|load [DATA_FOLDER]"), 2;
  std::printf("%s netwright %.4f ms\n", work.c_str(), ms);
}
