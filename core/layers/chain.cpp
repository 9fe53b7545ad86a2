// SPDX-License-Identifier: Apache-2.0
#include "core/layers/chain.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/layers/registry.h"

namespace netwright::layers {
namespace {

constexpr size_t kShown = 4;  // nodes of a chain in full; longer ones are cut in the middle

const program::ValueType* incoming(const graph::Document& document, const NodeReports& nodes, NodeId node,
                                   PortRef* source) {
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

void addChain(const graph::Document& document, const NodeReports& nodes, Diagnostic& d) {
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

}  // namespace netwright::layers
