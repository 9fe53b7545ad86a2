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

namespace {

PortRef port(const graph::Document& document, const std::string& text, bool input) {
  const size_t colon = text.find(':');
  const graph::Node* n = document.findByName(text.substr(0, colon));
  if (colon != std::string::npos) return {n->id, text.substr(colon + 1)};
  const layers::LayerSpec* layer = layers::findLayer(n->kind);
  return {n->id, (input ? layer->inputs : layer->outputs).front().name};
}

}  // namespace

void connect(graph::Document& document, const std::string& from, const std::string& to) {
  document.wires.push_back({port(document, from, false), port(document, to, true)});
}

void add(graph::Document& document, const LayerCase& layer, const std::vector<std::string>& inputs) {
  document.nodes.push_back(node(document.freshId().value, layer.kind, layer.name, layer.params));
  const layers::LayerSpec* spec = layers::findLayer(layer.kind);
  for (size_t i = 0; i < inputs.size(); ++i) {
    const size_t equals = inputs[i].find('=');
    const std::string to = equals == std::string::npos ? spec->inputs[i].name : inputs[i].substr(0, equals);
    connect(document, equals == std::string::npos ? inputs[i] : inputs[i].substr(equals + 1), layer.name + ":" + to);
  }
}

}  // namespace netwright::test
