// SPDX-License-Identifier: Apache-2.0
// Which nodes of a flat graph stand in bodies of control flow, and in which. Used by lower_graph.cpp.
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "core/graph/expand.h"
#include "core/layers/bodies.h"

namespace netwright::layers {

class Regions {
 public:
  explicit Regions(const graph::Expanded* structure);  // null: there are none; must outlive this
  bool holds(NodeId node) const { return innermost_.contains(node); }
  const std::vector<graph::Region>& of(NodeId control) const;
  std::vector<Face> faces(NodeId control) const;
  // Sorts nodes into the regions that they stand in; returns the others.
  std::vector<NodeId> assign(const std::vector<NodeId>& order);
  const std::vector<NodeId>& members(const graph::Region& region) { return members_[&region]; }

 private:
  const graph::Expanded* structure_;
  std::unordered_map<NodeId, const graph::Region*> innermost_;
  std::map<const graph::Region*, std::vector<NodeId>> members_;
};

// The nodes, sorted, and those that nodes of control flow among them run.
std::vector<NodeId> withRegions(const graph::Expanded* structure, std::vector<NodeId> nodes);

}  // namespace netwright::layers
