// SPDX-License-Identifier: Apache-2.0
// Small graphs for tests.
#pragma once

#include <string>
#include <vector>

#include "core/graph/document.h"

namespace netwright::test {

struct LayerCase {
  std::string kind, name;
  Attributes params;  // others take their defaults
};

// Input -> layers in a row -> Output. The input node is called "x", the output "y"; ids count from 1.
graph::Document chain(std::vector<int64_t> inputShape, const std::vector<LayerCase>& layers);
// A node of a kind with defaults, params replaced.
graph::Node node(int64_t id, const std::string& kind, const std::string& name, const Attributes& params = {});

// Adds a wire between ports written as "lstm:h_n" or, for a node's first one, as "lstm".
void connect(graph::Document& document, const std::string& from, const std::string& to);
// Adds a node with the next free id and wires its inputs: {"x", "h_0=encoder:h_n"}; without a name in their order.
void add(graph::Document& document, const LayerCase& layer, const std::vector<std::string>& inputs = {});

}  // namespace netwright::test
