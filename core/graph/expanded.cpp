// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "core/graph/derived.h"
#include "core/graph/expand.h"

namespace netwright::graph {
namespace {

bool reaches(const Document& document, BlockId from, BlockId to, std::vector<BlockId>& path, std::set<BlockId>& seen) {
  path.push_back(from);
  if (from == to) return true;
  const Document* body = document.body(from);
  if (body && seen.insert(from).second)
    for (const Node& n : body->nodes)
      for (const BlockId next : n.bodies)
        if (reaches(document, next, to, path, seen)) return true;
  path.pop_back();
  return false;
}

}  // namespace

const Copy& Expanded::copyOf(NodeId node) const {
  const auto place = places.find(node);
  return copies[place == places.end() ? 0 : place->second.copy];
}

const Attributes& Expanded::namesAt(NodeId node) const {
  static const Attributes kNone;
  const size_t scope = copyOf(node).scope;
  return scope < names.size() ? names[scope] : kNone;
}

std::vector<std::string> Expanded::prefixes(const Document& drawn, BlockId body, NodeId node) const {
  const Document* where = drawn.body(body);
  const Node* own = where ? where->find(node) : nullptr;
  if (!own) return {};
  std::vector<std::string> all;
  for (size_t i = own->bodies.empty() ? 0 : 1; i < copies.size(); ++i) {
    const Copy& copy = copies[i];
    if (own->bodies.empty()) {
      if (copy.body == body) all.push_back(copy.prefix + own->name + ".");
      continue;
    }
    size_t last = copy.path.size() - 1;
    if (copy.path[last].value < 0) --last;  // a body of control flow other than the first
    if (copies[copy.outer].body == body && copy.path[last] == node) all.push_back(copy.prefix);
  }
  return all;
}

NodePath Expanded::path(NodeId node) const {
  const auto place = places.find(node);
  if (place == places.end()) return {node};
  NodePath path = copies[place->second.copy].path;
  path.push_back(place->second.node);
  return path;
}

bool isFlat(const Document& document) {
  const auto composes = [](const Node& n) {
    return n.kind == kInstance || n.bypassed || !n.bodies.empty() ||
           std::any_of(n.params.begin(), n.params.end(),
                       [](const auto& p) { return std::holds_alternative<Formula>(p.second); });
  };
  return document.blocks.empty() && document.variables.empty() &&
         std::none_of(document.nodes.begin(), document.nodes.end(), composes);
}

NodePath stepsInto(NodeId node, size_t body) {
  return body == 0 ? NodePath{node} : NodePath{node, {-static_cast<int64_t>(body)}};
}

NodeId derivedId(const NodePath& path, const std::vector<int64_t>& repetitions) {
  if (path.size() < 2) return path.empty() ? NodeId{} : path.front();
  uint64_t hash = 0;
  for (size_t i = 0; i + 1 < path.size(); ++i)
    hash = inside(hash, path[i], i < repetitions.size() ? repetitions[i] : 0);
  return derived(mixed(hash, static_cast<uint64_t>(path.back().value)));
}

std::vector<BlockId> circle(const Document& document, BlockId outer, BlockId inner) {
  std::vector<BlockId> path;
  std::set<BlockId> seen;
  if (outer && reaches(document, inner, outer, path, seen)) return path;
  return {};
}

}  // namespace netwright::graph
