// SPDX-License-Identifier: Apache-2.0
// Small strong types for what must not be confused. Used by everything.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace netwright {

// A node of a graph document. Unique and stable within its document; 0 is "no node".
struct NodeId {
  int64_t value = 0;
  auto operator<=>(const NodeId&) const = default;
  explicit operator bool() const { return value != 0; }
};

// The definition of a block. Unique and stable within its document; 0 is the network itself.
struct BlockId {
  int64_t value = 0;
  auto operator<=>(const BlockId&) const = default;
  explicit operator bool() const { return value != 0; }
};

// Provenance: the path of instances that leads to a node, outermost first.
using NodePath = std::vector<NodeId>;

// A trainable weight or buffer: the node that owns it and the name of its slot there ("weight"). Independent of the
// node's name; other nodes may refer to it, which is how weights are shared.
struct ParameterId {
  NodePath owner;
  std::string slot;
  auto operator<=>(const ParameterId&) const = default;
};

struct PortRef {
  NodeId node;
  std::string port;
  auto operator<=>(const PortRef&) const = default;
};

}  // namespace netwright

template <>
struct std::hash<netwright::ParameterId> {
  size_t operator()(const netwright::ParameterId& id) const noexcept {
    size_t hash = std::hash<std::string>()(id.slot);
    for (const netwright::NodeId node : id.owner) hash = hash * 31 + static_cast<size_t>(node.value);
    return hash;
  }
};
template <>
struct std::hash<netwright::NodeId> {
  size_t operator()(netwright::NodeId id) const noexcept { return std::hash<int64_t>()(id.value); }
};
