// SPDX-License-Identifier: Apache-2.0
#include "core/graph/view.h"

#include <algorithm>
#include <set>

#include "core/graph/expand.h"

namespace netwright::graph {
namespace {

bool leads(const View& from, BlockId block, std::set<BlockId>& seen, View& found) {
  if (from.block == block) {
    found = from;
    return true;
  }
  if (!seen.insert(from.block).second) return false;
  for (const Node& n : from.document().nodes)
    for (size_t k = 0; k < n.bodies.size(); ++k)
      if (from.root->findBlock(n.bodies[k]) && leads(enter(from, n.id, k), block, seen, found)) return true;
  return false;
}

// Into the body that the i-th step of a path leads to, and past the step that tells which body that is.
View step(const View& from, const NodePath& path, size_t& i) {
  const bool numbered = i + 1 < path.size() && path[i + 1].value < 0;
  const NodeId node = path[i];
  return enter(from, node, numbered ? static_cast<size_t>(-path[++i].value) : 0);
}

}  // namespace

const Document& View::document() const {
  const Document* body = root->body(block);
  return body ? *body : *root;
}

NodeId View::flat(NodeId node) const {
  if (!block) return node;
  if (path.empty()) return {};
  NodePath whole = path;
  whole.push_back(node);
  return derivedId(whole, {});
}

std::optional<NodeId> View::own(const NodePath& given) const {
  View at = viewOf(*root);
  for (size_t i = 0; i < given.size(); ++i) {
    if (at.block == block) return given[i];
    at = step(at, given, i);
  }
  return std::nullopt;
}

View viewOf(const Document& root) { return {&root, {}, {}}; }

View enter(const View& view, NodeId into, size_t body) {
  const Node* node = view.document().find(into);
  const Block* block = node && body < node->bodies.size() ? view.root->findBlock(node->bodies[body]) : nullptr;
  if (!block) return view;
  View inner = view;
  inner.block = block->id;
  for (const NodeId step : stepsInto(into, body)) inner.path.push_back(step);
  return inner;
}

View viewAt(const Document& root, const NodePath& steps) {
  View at = viewOf(root);
  for (size_t i = 0; i < steps.size(); ++i) at = step(at, steps, i);
  return at;
}

std::optional<BodyStep> bodyStep(const View& view) {
  if (view.path.empty()) return std::nullopt;
  BodyStep found{view.path, {}, 0};
  if (found.outer.back().value < 0) {
    found.body = static_cast<size_t>(-found.outer.back().value);
    found.outer.pop_back();
  }
  found.node = found.outer.back();
  found.outer.pop_back();
  return found;
}

View viewOf(const Document& root, BlockId block) {
  View found{&root, block, {}};
  std::set<BlockId> seen;
  leads(viewOf(root), block, seen, found);
  return found;
}

}  // namespace netwright::graph
