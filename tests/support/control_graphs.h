// SPDX-License-Identifier: Apache-2.0
// Small networks with control flow for tests.
#pragma once

#include <string>
#include <vector>

#include "tests/support/graphs.h"

namespace netwright::test {

// Adds the definition of a block with these input ports; `draw` adds what is inside and its output ports.
BlockId define(graph::Document& document, const std::string& name, const std::vector<std::string>& inputs,
               const std::vector<std::pair<LayerCase, std::vector<std::string>>>& inside);
// Adds a node of control flow that runs these blocks.
void addControl(graph::Document& document, const LayerCase& layer, std::vector<BlockId> bodies,
                const std::vector<std::string>& inputs);
LayerCase code(const std::string& name, const std::string& text);  // an expression

struct ControlCase {
  std::string name;
  graph::Document graph;
  std::vector<int64_t> sample;  // of the input x, without the batch
};
// Every way of control flow with its ports, decided by the input "x": Loop (counted, counted by the batch, while a
// condition holds, with a first condition, with stacked results and the step's number), If, Switch, Scan, Map, and
// these inside each other. Outputs depend on the way taken.
std::vector<ControlCase> controlCases();
graph::Document controlGraph(const std::string& name);  // of one of them; throws std::out_of_range

// An If in an If, so many: which body of which is decided by the input "x".
ControlCase nestedIfs(int depth);

}  // namespace netwright::test
