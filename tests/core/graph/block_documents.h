// SPDX-License-Identifier: Apache-2.0
// Small documents with blocks, and what their wires come to. Used by tests of blocks.
#pragma once

#include <string>

#include "core/graph/document.h"

namespace netwright::graph {

inline Node node(int64_t id, std::string kind, std::string name) {
  Node n;
  n.id = {id};
  n.kind = std::move(kind);
  n.name = std::move(name);
  return n;
}

inline Node instance(int64_t id, std::string name, int64_t block) {
  Node n = node(id, kInstance, std::move(name));
  n.bodies = {{block}};
  n.params["repeat"] = int64_t{1};
  return n;
}

// "Layer": a linear layer and what follows it.
inline Block layerBlock() {
  Block b;
  b.id = {1};
  b.name = "Layer";
  b.body.nodes = {node(3, kBlockInput, "x"), node(1, "linear", "fc"), node(2, "relu", "act"),
                  node(4, kBlockOutput, "y")};
  b.body.wires = {{{{3}, "y"}, {{1}, "x"}}, {{{1}, "y"}, {{2}, "x"}}, {{{2}, "y"}, {{4}, "x"}}};
  return b;
}

// x -> a -> b -> out, a and b being instances of "Layer".
inline Document twoLayers() {
  Document d;
  d.blocks = {layerBlock()};
  d.nodes = {node(1, "input", "x"), instance(2, "a", 1), instance(3, "b", 1), node(4, "output", "out")};
  d.wires = {{{{1}, "y"}, {{2}, "x"}}, {{{2}, "y"}, {{3}, "x"}}, {{{3}, "y"}, {{4}, "x"}}};
  return d;
}

// The same with "Pair", a block of two layers.
inline Document nested() {
  Document d = twoLayers();
  Block pair;
  pair.id = {2};
  pair.name = "Pair";
  pair.body.nodes = {node(1, kBlockInput, "in"), instance(4, "first", 1), instance(5, "second", 1),
                     node(9, kBlockOutput, "out")};
  pair.body.wires = {{{{1}, "y"}, {{4}, "x"}}, {{{4}, "y"}, {{5}, "x"}}, {{{5}, "y"}, {{9}, "x"}}};
  d.blocks.push_back(pair);
  d.nodes[1] = instance(2, "outer1", 2);
  d.nodes[2] = instance(3, "outer2", 2);
  d.wires = {{{{1}, "y"}, {{2}, "in"}}, {{{2}, "out"}, {{3}, "in"}}, {{{3}, "out"}, {{4}, "x"}}};
  return d;
}

// Where the value of a wire really comes from, ports of blocks aside: "a.act.y".
inline std::string sourceOf(const Document& flat, PortRef from) {
  for (const Node* n = flat.find(from.node); n; n = flat.find(from.node)) {
    if (n->kind != kBlockInput && n->kind != kBlockOutput) return n->name + "." + from.port;
    const Wire* wire = flat.wireInto({n->id, "x"});
    if (!wire) return "nothing";
    from = wire->from;
  }
  return "nothing";
}

// "a.act.y, b.act.y": sources of a node's inputs in the order of its ports.
inline std::string inputsOf(const Document& flat, const std::string& name) {
  std::string all;
  const Node* to = flat.findByName(name);
  for (const Wire& w : flat.wires)
    if (to && w.to.node == to->id) all += (all.empty() ? "" : ", ") + sourceOf(flat, w.from);
  return all;
}

}  // namespace netwright::graph
