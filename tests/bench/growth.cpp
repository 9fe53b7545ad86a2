// SPDX-License-Identifier: Apache-2.0
// How cost grows with the work (P16): prints "what size milliseconds", the best of three. tests/bench/growth draws it.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <numeric>
#include <random>

#include "core/base/json.h"
#include "core/data/data_config.h"
#include "core/data/sampler.h"
#include "core/graph/graph_json.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"
#include "core/program/memory.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace netwright;

void report(const char* what, int64_t size, const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  double best = 1e12;
  for (int round = 0; round < 3; ++round) {
    const auto start = Clock::now();
    work();
    best = std::min(best, std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::printf("%s %lld %.3f\n", what, static_cast<long long>(size), best);
  std::fflush(stdout);
}

// Convolution, normalisation and activation in turn, `count` layers in one chain.
graph::Document chain(int64_t count) {
  graph::Document d;
  const auto add = [&](const char* kind, const Attributes& params) {
    graph::Node n = layers::newNode(*layers::findLayer(kind), d, {});
    n.name = kind + std::to_string(d.nodes.size());
    for (const auto& [key, value] : params) n.params[key] = value;
    d.nodes.push_back(n);
    if (d.nodes.size() > 1) d.wires.push_back({{d.nodes[d.nodes.size() - 2].id, "y"}, {n.id, "x"}});
  };
  add("input", {{"shape", std::vector<int64_t>{8, 16, 16}}});
  for (int64_t i = 0; i < count; ++i) {
    if (i % 3 == 0) add("conv2d", {{"out_channels", int64_t{8}}, {"padding", std::vector<int64_t>{1, 1}}});
    if (i % 3 == 1) add("batch_norm2d", {});
    if (i % 3 == 2) add("relu", {});
  }
  add("output", {});
  return d;
}

void nodes() {
  for (const int64_t size : {100, 300, 1000, 3000, 10000}) {
    const graph::Document d = chain(size);
    const std::string text = graph::toJson(d).dump();
    report("lowering of nodes", size, [&] { layers::lowerGraph(d); });
    const program::Program program = layers::lowerGraph(d).program;
    report("costs of nodes", size, [&] { program::activationBytes(program); });
    report("memory of a step of nodes", size, [&] { program::trainingMemory(program, {{"N", 32}}, 2); });
    report("reading of nodes", size, [&] { graph::fromJson(Json::parse(text), "graph"); });
  }
}

// A table of eight features and a class; then one shuffled epoch in batches of 32.
void rows() {
  const test::TempFolder folder;
  for (const int64_t size : {1000, 3000, 10000, 30000, 100000, 300000}) {
    std::ofstream file(folder / "table.csv");
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    file << "a,b,c,d,e,f,g,h,kind\n";
    for (int64_t i = 0; i < size; ++i) {
      for (int c = 0; c < 8; ++c) file << normal(random) << ',';
      file << (i % 3 == 0 ? "red\n" : "blue\n");
    }
    file.close();
    data::DataConfig config;
    config.source = "csv";
    config.path = (folder / "table.csv").string();
    data::DataSplits splits;
    report("reading of rows", size, [&] { splits = data::openData(config, ""); });
    report("an epoch of rows", size, [&] {
      data::Batch batch;
      const auto order = data::epochOrder(splits.trainSamples, 0, 1);
      for (size_t at = 0; at < order.size(); at += 32)
        splits.train->read(std::span(order).subspan(at, std::min<size_t>(32, order.size() - at)), batch);
    });
  }
}

}  // namespace

int main() {
  nodes();
  rows();
}
