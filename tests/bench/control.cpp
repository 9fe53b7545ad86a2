// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/control.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/engine/network.h"
#include "core/layers/lower_graph.h"
#include "core/run/config.h"
#include "tests/support/control_graphs.h"

namespace netwright::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Ints = std::vector<int64_t>;
constexpr int kRounds = 101, kSteps = 1000;

// Of many rounds the one that nothing else on the machine disturbed.
double least(const std::vector<double>& times) { return *std::min_element(times.begin(), times.end()); }

const test::LayerCase kInput{"input", "x", {{"shape", Ints{4}}}};
const test::LayerCase kWeights{"linear", "fc", {{"out_features", int64_t{4}}}};  // something to train
const test::LayerCase kScale{"rescale", "scale", {{"scale", 0.999}}};

graph::Document loop(bool branches) {
  graph::Document d;
  test::add(d, kInput);
  test::add(d, kWeights, {"x"});
  const test::LayerCase out{"block_output", "y", {}};
  const BlockId scale = test::define(d, "Scale", {"h"}, {{kScale, {"h"}}, {out, {"scale"}}});
  BlockId body = scale;
  if (branches) {
    body = test::define(d, "Step", {"h", "way"}, {});
    graph::Document& inside = d.blocks.back().body;
    test::addControl(inside, {"if", "if", {}}, {scale, scale}, {"condition=way", "h=h"});
    test::add(inside, out, {"if:y"});
    test::add(d, test::code("way", "y = x.mean() > 0"), {"x=x"});
  }
  test::addControl(d, {"loop", "loop", {{"count", int64_t{kSteps}}}}, {body},
                   branches ? std::vector<std::string>{"h=fc", "way=way:y"} : std::vector<std::string>{"h=fc"});
  test::add(d, {"output", "out", {}}, {"loop:y"});
  return d;
}

graph::Document flat() {
  std::vector<test::LayerCase> layers{kWeights};
  for (int i = 0; i < kSteps; ++i) layers.push_back({kScale.kind, "scale" + std::to_string(i), kScale.params});
  return test::chain({4}, layers);
}

engine::Network network(const graph::Document& d) {
  const layers::Lowered lowered = layers::lowerGraph(d, {{"mse", {}, 1, 0, "", "target", {DType::Float32, {4}}}});
  if (!lowered.ok()) std::abort();
  engine::Network n(lowered.program, {});
  n.initialise(1);
  n.setObjectives({{"sgd", "*", run::completeParams(run::Optimiser{"sgd", {}})}});
  return n;
}

double time(engine::Network& n, bool gradients) {
  HostTensor x(DType::Float32, {8, 4});
  std::fill(x.as<float>().begin(), x.as<float>().end(), 1.0F);
  const auto start = Clock::now();
  if (gradients)
    n.trainStep({&x, &x}, {});
  else
    n.predict({&x, nullptr});
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

}  // namespace

double control() {
  engine::Network drawn = network(flat()), looped = network(loop(false)), branched = network(loop(true));
  double worst = 0;
  for (const bool gradients : {false, true}) {
    std::vector<double> a, b, c;
    for (int i = 0; i < kRounds; ++i) {
      a.push_back(time(drawn, gradients));
      b.push_back(time(looped, gradients));
      c.push_back(time(branched, gradients));
    }
    const double op = least(a) / kSteps, step = least(b) / kSteps - op, both = least(c) / kSteps - op;
    std::printf("%s: an op %.2f us; a step of a loop costs %.2f us more, with an If in it %.2f us\n",
                gradients ? "forward and backward" : "forward", op, step, both);
    worst = std::max({worst, step, both - step});
  }
  return worst / 1000;
}

}  // namespace netwright::bench
