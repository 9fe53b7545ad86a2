// SPDX-License-Identifier: Apache-2.0
#include "core/graph/bypass.h"

#include <map>
#include <string>
#include <utility>

namespace netwright::graph {

namespace {

std::pair<bool, std::string> rank(const std::string& port) {
  return {port != "x" && port != "input" && port != "query", port};
}

}  // namespace

std::optional<PortRef> origin(const Document& body, PortRef output) {
  std::set<NodeId> passed;
  for (const Node* node = body.find(output.node); node && node->bypassed; node = body.find(output.node)) {
    const Wire* first = nullptr;
    for (const Wire& w : body.wires)
      if (w.to.node == node->id && (!first || rank(w.to.port) < rank(first->to.port))) first = &w;
    if (!first || !passed.insert(node->id).second) return std::nullopt;
    output = first->from;
  }
  return output;
}

std::vector<Pending> pastBypassed(std::vector<Pending> wires, const std::set<NodeId>& bypassed) {
  if (bypassed.empty()) return wires;
  std::map<NodeId, Wire> entrances;
  for (const Pending& p : wires) {
    if (!bypassed.contains(p.wire.to.node)) continue;
    const auto [known, fresh] = entrances.emplace(p.wire.to.node, p.wire);
    if (!fresh && rank(p.wire.to.port) < rank(known->second.to.port)) known->second = p.wire;
  }
  std::vector<Pending> kept;
  for (Pending& p : wires) {
    if (bypassed.contains(p.wire.to.node)) continue;
    std::set<NodeId> passed;  // a circle of them leads nowhere
    auto entrance = entrances.find(p.wire.from.node);
    while (entrance != entrances.end() && passed.insert(entrance->first).second) {
      p.wire.from = entrance->second.from;
      entrance = entrances.find(p.wire.from.node);
    }
    if (!bypassed.contains(p.wire.from.node)) kept.push_back(std::move(p));
  }
  return kept;
}

}  // namespace netwright::graph
