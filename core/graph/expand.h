// SPDX-License-Identifier: Apache-2.0
// Dissolves what composes: variables and formulas become values, instances of blocks the nodes inside them. Lowering,
// engine and exporters see the flat graph only. Never throws; keeps no state.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/graph/document.h"

namespace netwright::graph {

inline constexpr const char* kRepeat = "repeat";  // parameter of every instance: so many copies in a chain
inline constexpr const char* kIndex = "index";    // name that formulas of a repeated instance may use: 0, 1, ...
inline constexpr int64_t kMostNodes = 200'000;    // of a flat graph

// One body in the flat graph: the network itself, or that of an instance or of control flow.
struct Copy {
  NodePath path;                     // the instances that lead to it; empty for the network itself
  std::vector<int64_t> repetitions;  // one for each of these instances: which copy
  BlockId body;
  size_t scope = 0;    // of Expanded::names: what formulas may use there
  size_t outer = 0;    // of Expanded::copies: where the node stands that it is the body of
  std::string prefix;  // of the names of its nodes: "layer1.0."
};

// Where a flat node comes from.
struct Place {
  size_t copy = 0;  // of Expanded::copies
  NodeId node;      // its number there
};

// An instance as the flat graph knows it; its number is the node's own, or derived as those of the nodes inside.
struct Instance {
  std::string name;   // with the path: "encoder.attention"
  std::string title;  // of its block: "Attention"; empty if that is missing
  BlockId block;
  size_t first = 0, end = 0;               // its nodes in `flat`
  std::map<std::string, PortRef> outputs;  // by port
};

// One body of a node of control flow. Its ports are not wired: the node feeds and reads them.
struct Region {
  std::string block;                                            // whose body it is
  size_t first = 0, end = 0;                                    // its nodes in `flat`, those of regions inside it too
  std::vector<std::pair<std::string, NodeId>> inputs, outputs;  // port and flat number, in order
};

// What is wrong with the structure, for lowering to report. `node` is a number of the flat graph.
struct Problem {
  std::string code;
  std::map<std::string, std::string> args;
  NodeId node;
  std::string param, port;
  std::optional<PortRef> disconnect;  // removing the wire that ends there mends it
};

struct Expanded {
  Document flat;                             // ordinary nodes with concrete parameters, wires between them
  std::vector<Copy> copies{1};               // the network itself comes first
  std::unordered_map<NodeId, Place> places;  // of all nodes and instances inside instances; others are as drawn
  std::unordered_map<NodeId, Instance> instances;
  std::unordered_map<NodeId, std::vector<Region>> regions;  // by the node that runs them; those that could be expanded
  std::vector<Attributes> names;    // by scope: variables and parameters that formulas may use there
  std::set<PortRef> unknownInputs;  // fed by instances that could not be expanded
  std::vector<Problem> problems;

  const Copy& copyOf(NodeId node) const;
  const Attributes& namesAt(NodeId node) const;
  // Prefixes of the flat names of what a node of that body stands for, in every copy of the body: "fc1." of a layer,
  // "layer1.0." and "layer1.1." of an instance that is repeated.
  std::vector<std::string> prefixes(const Document& drawn, BlockId body, NodeId node) const;
  NodePath path(NodeId node) const;  // of one element for a node of the network itself
};

// Nodes keep their order, those of an instance stand in its place; a node inside is called "<instance>.<node>", in the
// i-th copy of a repeated one "<instance>.<i>.<node>" ("layer1.2" with four copies: layer1.2 to layer1.5). Ports of
// blocks remain as nodes that hand their value on. A formula that cannot be computed stays and is a problem.
Expanded expand(const Document& document);

// Whether expand() has anything to do.
bool isFlat(const Document& document);

// Values of the names that formulas in that body may use: the project's variables; in a block its parameters'
// defaults, which an instance may set otherwise, and its own variables.
Attributes namesIn(const Document& document, BlockId body);

// How paths lead into a body of a node: through the node, and into a body of control flow other than the first through
// one more step, which is negative.
NodePath stepsInto(NodeId node, size_t body);

// The number that a node inside an instance has in the flat graph.
NodeId derivedId(const NodePath& path, const std::vector<int64_t>& repetitions);

// The blocks from `inner` to `outer` if a body of `inner` leads to `outer`: using `inner` inside `outer` would then be
// a circle. Empty: it would be none.
std::vector<BlockId> circle(const Document& document, BlockId outer, BlockId inner);

}  // namespace netwright::graph
