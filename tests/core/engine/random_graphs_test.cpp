// SPDX-License-Identifier: Apache-2.0
// Random legal graphs of every registered layer: the shapes that inference promises are those that the engine makes.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "core/engine/network.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"
#include "tests/support/graphs.h"

namespace netwright::engine {
namespace {

using layers::LayerSpec;
using List = std::vector<int64_t>;

constexpr int64_t kMostNumbers = 4000;  // of a sample

class RandomGraph {
 public:
  explicit RandomGraph(unsigned seed) : random_(seed) {
    static constexpr int64_t kSizes[] = {1, 2, 3, 4, 6, 8, 9};
    List shape;
    for (int64_t i = pick(1, 4); i > 0; --i) shape.push_back(kSizes[static_cast<size_t>(pick(0, 6))]);
    const std::string type = pick(0, 5) == 0 ? "int64" : "float";
    document_.nodes.push_back(test::node(1, "input", "x", {{"shape", shape}, {"dtype", type}}));
  }

  // Tries to add a node of a random kind; keeps it if the graph stays legal for every batch size.
  void grow() {
    // Refused by what a batch holds: whole numbers divided by zero, indices outside.
    static const std::set<std::string> kByValue{"floor_divide", "fmod",    "remainder",  "one_hot",
                                                "gather",       "scatter", "scatter_add"};
    const auto& all = layers::registry();
    const LayerSpec& layer = all[static_cast<size_t>(pick(0, static_cast<int64_t>(all.size()) - 1))];
    if (layer.category == layers::Category::InputOutput || layer.category == layers::Category::Loss) return;
    if (layer.category == layers::Category::Control) return;  // runs blocks: control_test.cpp
    if (kByValue.contains(layer.id)) return;
    graph::Document draft = document_;
    const auto id = static_cast<int64_t>(draft.nodes.size()) + 1;
    draft.nodes.push_back(test::node(id, layer.id, "n" + std::to_string(id), params(layer)));
    for (const layers::PortSpec& port : layer.inputs) {
      if (port.optional && pick(0, 3) != 0) continue;
      const graph::Node& source =
          document_.nodes[static_cast<size_t>(pick(0, static_cast<int64_t>(document_.nodes.size()) - 1))];
      const LayerSpec& from = *layers::findLayer(source.kind);
      draft.wires.push_back({{source.id, from.outputs.front().name}, {{id}, port.name}});
    }
    const layers::Lowered lowered = layers::lowerGraph(withOutputs(draft));
    const program::ValueType* type = lowered.typeAt({{id}, layer.outputs.front().name});
    if (!lowered.ok() || !lowered.program.dimGuards.empty() || !type || !type->isTensor()) return;
    const auto sample = program::product(type->tensor().shape).evaluate({{"N", 1}});
    if (!sample || *sample > kMostNumbers) return;
    document_ = std::move(draft);
    used.insert(layer.id);
  }
  // Every node's value is an output.
  static graph::Document withOutputs(graph::Document d) {
    const size_t count = d.nodes.size();
    for (size_t i = 0; i < count; ++i) {
      const auto id = static_cast<int64_t>(1000 + i);
      const LayerSpec& layer = *layers::findLayer(d.nodes[i].kind);
      d.wires.push_back({{d.nodes[i].id, layer.outputs.front().name}, {{id}, "x"}});
      d.nodes.push_back(test::node(id, "output", "out " + d.nodes[i].name));
    }
    return d;
  }
  const graph::Document& document() const { return document_; }
  std::set<std::string> used;

 private:
  int64_t pick(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random_() % static_cast<uint64_t>(high - low + 1));
  }
  Attributes params(const LayerSpec& layer) {
    Attributes chosen;
    for (const ParamSpec& p : layer.params) {
      if (pick(0, 2) == 0) continue;  // the default
      Attribute value = p.fallback;
      if (p.kind == ParamKind::Int) value = pick(-1, 4);
      if (p.kind == ParamKind::Bool) value = pick(0, 1) == 1;
      if (p.kind == ParamKind::Choice)
        value = p.choices[static_cast<size_t>(pick(0, static_cast<int64_t>(p.choices.size()) - 1))];
      if (p.kind == ParamKind::IntList) {
        List list;
        for (size_t i = p.length ? p.length : static_cast<size_t>(pick(1, 3)); i > 0; --i) list.push_back(pick(-1, 4));
        value = list;
      }
      if (!p.problem(value)) chosen[p.name] = value;
    }
    return chosen;
  }

  std::mt19937 random_;
  graph::Document document_;
};

void expectRealShapes(const graph::Document& document, int64_t batch) {
  const layers::Lowered lowered = layers::lowerGraph(RandomGraph::withOutputs(document));
  ASSERT_TRUE(lowered.ok());
  Network network(lowered.program, {});
  network.initialise(1);
  const program::Bindings bindings{{"N", batch}};
  const auto sizes = [&](program::ValueId v) {
    return program::evaluate(lowered.program.tensorType(v).shape, bindings).value();
  };
  const program::ValueId in = lowered.program.inputs[0].value;
  const bool whole = lowered.program.tensorType(in).dtype == DType::Int64;
  const HostTensor x(whole ? DType::Int64 : DType::Float32, sizes(in));
  const std::vector<HostTensor> outputs = network.predict({&x});
  ASSERT_EQ(outputs.size(), lowered.program.outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i)
    EXPECT_EQ(outputs[i].shape, sizes(lowered.program.outputs[i].value)) << lowered.program.outputs[i].name << " in\n"
                                                                         << program::text(lowered.program);
}

TEST(RandomGraphs, HaveTheShapesThatWereInferred) {
  std::set<std::string> used;
  size_t nodes = 0;
  for (unsigned seed = 1; seed <= 3000; ++seed) {
    RandomGraph graph(seed);
    for (int i = 0; i < 40 && graph.document().nodes.size() < 9; ++i) graph.grow();
    used.merge(graph.used);
    nodes += graph.document().nodes.size();
    for (const int64_t batch : {1, 3}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", batch " << batch);
      expectRealShapes(graph.document(), batch);
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(nodes, 600u);
  // Some want inputs that chance rarely draws: indices within a size, conditions, a mask beside a sequence. Each layer
  // by itself: layers_test.
  size_t kinds = 0;
  std::string missing;
  for (const layers::LayerSpec& layer : layers::registry()) {
    if (layer.category == layers::Category::InputOutput || layer.category == layers::Category::Loss) continue;
    if (layer.category == layers::Category::Control) continue;
    ++kinds;
    if (!used.contains(layer.id)) missing += layer.id + " ";
  }
  EXPECT_GT(used.size(), kinds * 9 / 10) << missing;
}

}  // namespace
}  // namespace netwright::engine
