// SPDX-License-Identifier: Apache-2.0
#include "tests/support/graphs.h"

#include "core/layers/registry.h"

namespace netwright::test {

graph::Node node(int64_t id, const std::string& kind, const std::string& name, const Attributes& params) {
  graph::Node n;
  n.id = {id};
  n.kind = kind;
  n.name = name;
  if (const layers::LayerSpec* layer = layers::findLayer(kind)) {
    n.params = layer->defaults();
    n.version = layer->version;
  }
  for (const auto& [key, value] : params) n.params[key] = value;
  return n;
}

graph::Document chain(std::vector<int64_t> inputShape, const std::vector<LayerCase>& layers) {
  graph::Document d;
  d.nodes.push_back(node(1, "input", "x", {{"shape", inputShape}}));
  for (const LayerCase& c : layers)
    d.nodes.push_back(node(static_cast<int64_t>(d.nodes.size()) + 1, c.kind, c.name, c.params));
  d.nodes.push_back(node(static_cast<int64_t>(d.nodes.size()) + 1, "output", "y"));
  for (size_t i = 1; i < d.nodes.size(); ++i) d.wires.push_back({{d.nodes[i - 1].id, "y"}, {d.nodes[i].id, "x"}});
  return d;
}

}  // namespace netwright::test
