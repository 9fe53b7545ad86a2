// SPDX-License-Identifier: Apache-2.0
#include "core/layers/chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/base/text.h"
#include "core/layers/registry.h"

namespace netwright::layers {
namespace {

constexpr size_t kShown = 4;  // nodes of a chain in full; longer ones are cut in the middle

const program::ValueType* incoming(const graph::Document& document, const std::map<NodeId, NodeReport>& nodes,
                                   NodeId node, PortRef* source) {
  const auto wire = std::find_if(document.wires.begin(), document.wires.end(),
                                 [&](const graph::Wire& w) { return w.to.node == node; });
  if (wire == document.wires.end()) return nullptr;
  *source = wire->from;
  const auto report = nodes.find(wire->from.node);
  if (report == nodes.end()) return nullptr;
  const auto type = report->second.outputs.find(wire->from.port);
  return type == report->second.outputs.end() ? nullptr : &type->second;
}

}  // namespace

void addChain(const graph::Document& document, const std::map<NodeId, NodeReport>& nodes, Diagnostic& d) {
  std::vector<std::string> items;
  PortRef source;
  for (NodeId at = d.node.back(); const auto* type = incoming(document, nodes, at, &source); at = source.node) {
    const graph::Node* node = document.find(source.node);
    const std::string who = node->kind == "input" ? node->name : label(*node);
    items.push_back(fmt::format("{} {}", who, program::text(*type)));
    if (items.size() > document.nodes.size()) return;
  }
  std::reverse(items.begin(), items.end());
  if (items.size() > kShown) {
    items.erase(items.begin() + 2, items.end() - 1);
    items.insert(items.begin() + 2, "…");
  }
  d.chain = joined(items, " → ");
}

void addShapeFixes(const graph::Document& document, const std::map<NodeId, NodeReport>& nodes, Diagnostic& d) {
  const graph::Node* node = document.find(d.node.back());
  PortRef source;
  const program::ValueType* type = node ? incoming(document, nodes, node->id, &source) : nullptr;
  if (!type || !type->isTensor()) return;
  const program::Shape& shape = type->tensor().shape;
  const graph::Wire* wire = nullptr;
  for (const graph::Wire& w : document.wires)
    if (w.to.node == node->id) wire = &w;
  if (d.code == "NW-S003" && shape.size() > 2 && node->params.contains("in_features")) {
    Fix flatten{fmt::format("Add Flatten before {}", node->name), {InsertLayerStep{"flatten", {}, wire->to}}};
    const auto* pinned = std::get_if<int64_t>(&node->params.at("in_features"));
    if (pinned && program::product(shape, 1).equals(*pinned) == program::Answer::Yes)
      d.fixes.insert(d.fixes.begin(), flatten);
    else
      d.fixes.push_back(flatten);
  }
  if (d.code == "NW-S002" && node->params.contains("padding") && node->params.contains("kernel_size")) {
    const auto* kernel = std::get_if<int64_t>(&node->params.at("kernel_size"));
    const auto limit = shape.back().constant();
    if (kernel && limit && *limit >= 1)
      d.fixes.push_back(
          {fmt::format("Set kernel_size to {}", *limit), {SetParamStep{node->id, "kernel_size", *limit}}});
  }
}

}  // namespace netwright::layers
