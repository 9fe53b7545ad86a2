// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/blocks.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/blocks.h"
#include "core/graph/expand.h"
#include "core/layers/lower_graph.h"
#include "core/layers/node_spec.h"
#include "core/layers/registry.h"

namespace netwright::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kRounds = 21, kLayers = 10;

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

graph::Node add(graph::Document& d, const layers::LayerSpec& layer, const std::string& name) {
  graph::Node node = layers::newNode(layer, d, {});
  node.name = name;
  d.nodes.push_back(node);
  return node;
}

// An input, `count` instances of a block of ten layers in a row, an output.
graph::Document instances(int64_t count) {
  graph::Document d;
  graph::Block block;
  block.id = {1};
  block.name = "Ten";
  PortRef from{add(block.body, *layers::findLayer(graph::kBlockInput), "x").id, "y"};
  const auto next = [&](graph::Document& body, const layers::LayerSpec& layer, const std::string& name) {
    const graph::Node node = add(body, layer, name);
    body.wires.push_back({from, {node.id, layer.inputs.front().name}});
    from = {node.id, layer.outputs.empty() ? "" : layer.outputs.front().name};
  };
  for (int i = 0; i < kLayers; ++i)
    next(block.body, *layers::findLayer(i % 2 ? "relu" : "linear"), "layer" + std::to_string(i));
  for (graph::Node& n : block.body.nodes)
    if (n.kind == "linear") n.params["out_features"] = int64_t{32};
  next(block.body, *layers::findLayer(graph::kBlockOutput), "y");
  d.blocks.push_back(block);
  const graph::Node input = add(d, *layers::findLayer("input"), "in");
  d.nodes.front().params["shape"] = std::vector<int64_t>{32};
  from = {input.id, "y"};
  for (int64_t i = 0; i < count; ++i) next(d, layers::blockSpec(block), "b" + std::to_string(i));
  next(d, *layers::findLayer("output"), "out");
  return d;
}

double lower(const graph::Document& d) {
  const auto start = Clock::now();
  const layers::Lowered lowered = layers::lowerGraph(d);
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  if (!lowered.ok()) std::abort();
  return ms;
}

}  // namespace

double blocks() {
  const graph::Document nested = instances(100), flat = graph::expand(nested).flat;
  std::vector<double> asBlocks, asDrawn, edits;
  for (int i = 0; i < kRounds; ++i) {
    asBlocks.push_back(lower(nested));
    asDrawn.push_back(lower(flat));
  }
  std::printf("100 instances of ten layers %.2f ms, the same nodes flat %.2f ms\n", median(asBlocks), median(asDrawn));
  graph::Document d = instances(200);
  const NodeId edited = d.blocks.front().body.findByName("layer2")->id;
  for (int i = 0; i < kRounds; ++i) {
    const auto start = Clock::now();
    graph::apply(d, {"", {graph::Step(graph::SetParam{edited, "out_features", Attribute(int64_t{16 + i})}, {1})}});
    lower(d);
    edits.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::printf("an edit inside a block of ten layers that is used 200 times %.2f ms\n", median(edits));
  return median(edits);
}

}  // namespace netwright::bench
