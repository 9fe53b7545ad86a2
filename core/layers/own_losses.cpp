// SPDX-License-Identifier: Apache-2.0
#include "core/layers/own_losses.h"

#include <algorithm>
#include <set>

#include "core/layers/registry.h"

namespace netwright::layers {

std::vector<NodeId> ownLosses(const graph::Document& document) {
  std::vector<const graph::Node*> losses;
  for (const graph::Node& n : document.nodes)
    if (const LayerSpec* layer = findLayer(n.kind); layer && layer->category == Category::Loss) losses.push_back(&n);
  std::vector<NodeId> found;
  if (losses.empty()) return found;  // as most graphs, which are lowered after every edit
  std::set<PortRef> read;
  std::set<NodeId> wired;
  for (const graph::Wire& w : document.wires) {
    read.insert(w.from);
    wired.insert(w.to.node);
  }
  for (const graph::Node* n : losses)
    if (wired.contains(n->id) && (n->kind == "minimize" || !read.contains({n->id, "loss"}))) found.push_back(n->id);
  return found;
}

LossOrigin originOf(const graph::Document& document, const graph::Node& loss,
                    const std::map<PortRef, program::ValueId>& values, const program::Program& program) {
  LossOrigin origin{loss.kind, loss.params, {}, "", loss.id};
  const LayerSpec* layer = findLayer(loss.kind);
  for (const PortSpec& port : inputsOf(*layer, loss.params)) {
    const graph::Wire* wire = document.wireInto({loss.id, port.name});
    const auto value = wire ? values.find(wire->from) : values.end();
    if (value == values.end()) continue;
    const auto at = std::find_if(program.inputs.begin(), program.inputs.end(),
                                 [&](const program::Port& p) { return p.value == value->second; });
    const bool target = port.name == "target" || document.find(wire->from.node)->kind == "target";
    if (target && at != program.inputs.end() && origin.input.empty())
      origin.input = at->name;
    else if (!target && !origin.output)
      origin.output = value->second;
  }
  return origin;
}

std::optional<PortRef> measuredPort(const graph::Document& document, const std::string& name) {
  const auto first = [&](const graph::Node& node) -> std::optional<PortRef> {
    if (node.kind == "output") {
      const graph::Wire* wire = document.wireInto({node.id, "x"});
      return wire ? std::optional(wire->from) : std::nullopt;
    }
    const LayerSpec* layer = findLayer(node.kind);
    const auto ports = layer ? outputsOf(*layer, node.params) : std::vector<PortSpec>();
    return ports.empty() ? std::nullopt : std::optional(PortRef{node.id, ports.front().name});
  };
  if (const graph::Node* node = document.findByName(name)) return first(*node);
  const size_t dot = name.rfind('.');
  const graph::Node* node = dot == std::string::npos ? nullptr : document.findByName(name.substr(0, dot));
  const LayerSpec* layer = node ? findLayer(node->kind) : nullptr;
  if (!layer) return std::nullopt;
  for (const PortSpec& port : outputsOf(*layer, node->params))
    if (port.name == name.substr(dot + 1)) return PortRef{node->id, port.name};
  return std::nullopt;
}

}  // namespace netwright::layers
