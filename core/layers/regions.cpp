// SPDX-License-Identifier: Apache-2.0
#include "core/layers/regions.h"

#include <algorithm>

namespace netwright::layers {

Regions::Regions(const graph::Expanded* structure) : structure_(structure) {
  if (!structure) return;
  const auto size = [](const graph::Region* r) { return r->end - r->first; };
  for (const auto& [node, regions] : structure->regions)
    for (const graph::Region& region : regions)
      for (size_t i = region.first; i < region.end; ++i) {
        const graph::Region*& innermost = innermost_[structure->flat.nodes[i].id];
        if (!innermost || size(&region) < size(innermost)) innermost = &region;
      }
}

const std::vector<graph::Region>& Regions::of(NodeId control) const {
  static const std::vector<graph::Region> kNone;
  if (!structure_) return kNone;
  const auto it = structure_->regions.find(control);
  return it == structure_->regions.end() ? kNone : it->second;
}

std::vector<Face> Regions::faces(NodeId control) const {
  std::vector<Face> faces;
  for (const graph::Region& region : of(control)) {
    Face& face = faces.emplace_back();
    face.block = region.block;
    for (const auto& [port, id] : region.inputs) face.inputs.push_back(port);
    for (const auto& [port, id] : region.outputs) face.outputs.push_back(port);
  }
  return faces;
}

std::vector<NodeId> Regions::assign(const std::vector<NodeId>& order) {
  std::vector<NodeId> others;
  for (const NodeId id : order)
    if (const auto region = innermost_.find(id); region != innermost_.end())
      members_[region->second].push_back(id);
    else
      others.push_back(id);
  return others;
}

std::vector<NodeId> withRegions(const graph::Expanded* structure, std::vector<NodeId> nodes) {
  if (!structure || structure->regions.empty()) return nodes;
  std::vector<NodeId> all = nodes;
  for (const auto& [node, regions] : structure->regions)
    if (std::binary_search(nodes.begin(), nodes.end(), node))
      for (const graph::Region& region : regions)
        for (size_t i = region.first; i < region.end; ++i) all.push_back(structure->flat.nodes[i].id);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace netwright::layers
