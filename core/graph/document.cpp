// SPDX-License-Identifier: Apache-2.0
#include "core/graph/document.h"

#include <algorithm>
#include <queue>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace netwright::graph {
namespace {

using Adjacency = std::unordered_map<NodeId, std::vector<NodeId>>;

// Walks forward from each node of the rest until a node repeats: that stretch is a cycle.
std::vector<NodeId> findCycle(const std::unordered_set<NodeId>& rest, const Adjacency& into) {
  std::vector<NodeId> path;
  std::unordered_map<NodeId, size_t> seen;
  NodeId at = *std::min_element(rest.begin(), rest.end());
  while (!seen.contains(at)) {
    seen[at] = path.size();
    path.push_back(at);
    const auto& sources = into.at(at);
    at = *std::find_if(sources.begin(), sources.end(), [&](NodeId s) { return rest.contains(s); });
  }
  path.erase(path.begin(), path.begin() + static_cast<long>(seen[at]));
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace

bool Document::operator==(const Document&) const = default;

const Block* Document::findBlock(BlockId id) const {
  const auto it = std::find_if(blocks.begin(), blocks.end(), [&](const Block& b) { return b.id == id; });
  return it == blocks.end() ? nullptr : &*it;
}

const Block* Document::findBlockByName(const std::string& name) const {
  const auto it = std::find_if(blocks.begin(), blocks.end(), [&](const Block& b) { return b.name == name; });
  return it == blocks.end() ? nullptr : &*it;
}

BlockId Document::freshBlockId() const {
  int64_t highest = 0;
  for (const Block& b : blocks) highest = std::max(highest, b.id.value);
  return {highest + 1};
}

const Document* Document::body(BlockId id) const {
  if (!id) return this;
  const Block* block = findBlock(id);
  return block ? &block->body : nullptr;
}

std::string userOf(const Document& document, BlockId block) {
  const auto uses = [&](const Node& n) { return std::find(n.bodies.begin(), n.bodies.end(), block) != n.bodies.end(); };
  for (const Node& n : document.nodes)
    if (uses(n)) return n.name;
  for (const Block& b : document.blocks)
    for (const Node& n : b.body.nodes)
      if (uses(n)) return b.name + "." + n.name;
  return "";
}

std::vector<std::string> portNames(const Document& body, const char* kind) {
  std::vector<std::string> names;
  for (const Node& n : body.nodes)
    if (n.kind == kind) names.push_back(n.name);
  return names;
}

const Node* Document::find(NodeId id) const {
  const auto it = std::find_if(nodes.begin(), nodes.end(), [&](const Node& n) { return n.id == id; });
  return it == nodes.end() ? nullptr : &*it;
}

const Node* Document::findByName(const std::string& name) const {
  const auto it = std::find_if(nodes.begin(), nodes.end(), [&](const Node& n) { return n.name == name; });
  return it == nodes.end() ? nullptr : &*it;
}

const Wire* Document::wireInto(const PortRef& input) const {
  const auto it = std::find_if(wires.begin(), wires.end(), [&](const Wire& w) { return w.to == input; });
  return it == wires.end() ? nullptr : &*it;
}

const Annotation* Document::findAnnotation(int64_t id) const {
  const auto it = std::find_if(annotations.begin(), annotations.end(), [&](const Annotation& a) { return a.id == id; });
  return it == annotations.end() ? nullptr : &*it;
}

int64_t Document::freshAnnotationId() const {
  int64_t highest = 0;
  for (const Annotation& a : annotations) highest = std::max(highest, a.id);
  return highest + 1;
}

NodeId Document::freshId() const {
  int64_t highest = 0;
  for (const Node& n : nodes) highest = std::max(highest, n.id.value);
  return {highest + 1};
}

std::string Document::freshName(const std::string& stem) const {
  for (int i = 1;; ++i)
    if (std::string name = stem + std::to_string(i); !findByName(name)) return name;
}

std::vector<NodeId> topologicalOrder(const Document& document, std::vector<NodeId>* cycle) {
  std::unordered_map<NodeId, size_t> position;
  for (size_t i = 0; i < document.nodes.size(); ++i) position[document.nodes[i].id] = i;
  std::unordered_map<NodeId, int> waiting;
  Adjacency out, into;
  for (const Wire& w : document.wires) {
    if (!position.contains(w.from.node) || !position.contains(w.to.node)) continue;
    out[w.from.node].push_back(w.to.node);
    into[w.to.node].push_back(w.from.node);
    ++waiting[w.to.node];
  }
  using Item = std::pair<size_t, NodeId>;
  std::priority_queue<Item, std::vector<Item>, std::greater<>> ready;
  for (const Node& n : document.nodes)
    if (waiting[n.id] == 0) ready.emplace(position[n.id], n.id);
  std::vector<NodeId> order;
  while (!ready.empty()) {
    const NodeId id = ready.top().second;
    ready.pop();
    order.push_back(id);
    for (const NodeId next : out[id])
      if (--waiting[next] == 0) ready.emplace(position[next], next);
  }
  if (cycle && order.size() < document.nodes.size()) {
    std::unordered_set<NodeId> rest;
    for (const Node& n : document.nodes) rest.insert(n.id);
    for (const NodeId id : order) rest.erase(id);
    *cycle = findCycle(rest, into);
  }
  return order;
}

std::vector<NodeId> upstream(const Document& document, const std::vector<NodeId>& targets) {
  Adjacency into;
  for (const Wire& w : document.wires) into[w.to.node].push_back(w.from.node);
  std::set<NodeId> seen(targets.begin(), targets.end());
  std::vector<NodeId> todo(targets);
  while (!todo.empty()) {
    const NodeId at = todo.back();
    todo.pop_back();
    for (const NodeId source : into[at])
      if (seen.insert(source).second) todo.push_back(source);
  }
  return {seen.begin(), seen.end()};
}

}  // namespace netwright::graph
