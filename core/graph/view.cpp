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
    if (!n.bodies.empty() && from.root->findBlock(n.bodies.front()) && leads(enter(from, n.id), block, seen, found))
      return true;
  return false;
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
  for (const NodeId id : given) {
    if (at.block == block) return id;
    at = enter(at, id);
  }
  return std::nullopt;
}

View viewOf(const Document& root) { return {&root, {}, {}}; }

View enter(const View& view, NodeId instance) {
  const Node* node = view.document().find(instance);
  const Block* block = node && !node->bodies.empty() ? view.root->findBlock(node->bodies.front()) : nullptr;
  if (!block) return view;
  View inner = view;
  inner.block = block->id;
  inner.path.push_back(instance);
  return inner;
}

View viewAt(const Document& root, const NodePath& instances) {
  View at = viewOf(root);
  for (const NodeId id : instances) at = enter(at, id);
  return at;
}

View viewOf(const Document& root, BlockId block) {
  View found{&root, block, {}};
  std::set<BlockId> seen;
  leads(viewOf(root), block, seen, found);
  return found;
}

}  // namespace netwright::graph
