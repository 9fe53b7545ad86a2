// SPDX-License-Identifier: Apache-2.0
// The graph that people edit: nodes (layers) and wires, as one value. Everything else reads it; only graph::apply
// changes it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/ids.h"
#include "core/base/mode.h"

namespace netwright::graph {

struct Point {
  double x = 0, y = 0;  // scene units: pixels at 100 %
  bool operator==(const Point&) const = default;
};

struct Node {
  NodeId id;
  std::string kind;   // id of the layer in the registry: "conv2d"
  int version = 1;    // of that layer, for migrations
  std::string name;   // unique, may be a dotted path: "layer1.0.conv1"; weights are named after it
  Attributes params;  // all of the layer's parameters, explicitly
  Mode mode = Mode::Follow;
  std::map<std::string, ParameterId> shared;  // slots that use another node's weights
  Point position;                             // top left corner
  std::string unknown;  // raw JSON members this version does not know, written back unchanged ("" if none)
  bool operator==(const Node&) const = default;
};

struct Wire {
  PortRef from, to;  // output port -> input port; an input has at most one wire
  auto operator<=>(const Wire&) const = default;
};

// Nodes keep their order: it is the order of modules in exported source and of drawing initial weights.
struct Document {
  std::vector<Node> nodes;
  std::vector<Wire> wires;
  std::string unknown;  // as in Node
  bool operator==(const Document&) const = default;

  const Node* find(NodeId id) const;
  const Node* findByName(const std::string& name) const;
  const Wire* wireInto(const PortRef& input) const;
  NodeId freshId() const;
  std::string freshName(const std::string& stem) const;  // "conv1", "conv2", ... never taken
};

// Nodes in an order in which every wire points forward, ties by document order. Nodes on or behind a cycle are missing;
// `cycle`, if given, receives the nodes of one cycle.
std::vector<NodeId> topologicalOrder(const Document& document, std::vector<NodeId>* cycle = nullptr);

// Every node from which `target` can be reached, target included.
std::vector<NodeId> upstream(const Document& document, const std::vector<NodeId>& targets);

}  // namespace netwright::graph
