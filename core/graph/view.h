// SPDX-License-Identifier: Apache-2.0
// A body as somebody looks at it: that of the network itself, or that of a block through the instances that lead to it.
#pragma once

#include <optional>

#include "core/graph/document.h"

namespace netwright::graph {

struct View {
  const Document* root = nullptr;  // never null in use; must outlive the view
  BlockId block;                   // whose body; none: the network itself
  NodePath path;                   // the steps that lead there (stepsInto); empty too for a block that nothing leads to

  const Document& document() const;  // the body; the network itself if the block is gone
  // The number in the flat graph of a node of the body, in the first copy of repeated instances; none if no instance
  // leads there.
  NodeId flat(NodeId node) const;
  // The node of this body that a path from the network's top leads to or through: what a diagnostic concerns here.
  std::optional<NodeId> own(const NodePath& path) const;
};

View viewOf(const Document& root);  // of the network itself
// Into a body of an instance or a node of control flow; the same view if there is none.
View enter(const View& view, NodeId node, size_t body = 0);
// The node whose body is shown, where it stands, and which body that is; none for the network itself and for a block
// that nothing leads to.
struct BodyStep {
  NodePath outer;  // steps that lead to where the node stands
  NodeId node;
  size_t body = 0;
};
std::optional<BodyStep> bodyStep(const View& view);
View viewAt(const Document& root, const NodePath& steps);  // as far as the path leads
// Through the first nodes that lead there, if there are any.
View viewOf(const Document& root, BlockId block);

}  // namespace netwright::graph
