// SPDX-License-Identifier: Apache-2.0
// Worked examples: a layer behind small inputs, lowered for real, so that shapes and costs on a help page are those of
// the program. Used by pages and by the tests.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/layers/layer_spec.h"
#include "core/layers/lower_graph.h"

namespace netwright::help {

struct Example {
  graph::Document graph;  // the layer between Input and Output nodes
  layers::Lowered lowered;
  NodeId node;                                // of the layer
  Attributes given;                           // parameters that differ from the defaults
  std::map<std::string, std::string> shapes;  // of wired inputs and of outputs, by port: "int64 (N, 5)"

  const graph::Node& self() const { return *graph.find(node); }
  const layers::NodeReport& report() const { return lowered.nodes.at(node); }
  std::vector<const program::Op*> ops() const;  // of the layer alone
};

// The first of the layer's own words, or the usual inputs of its ports with the default parameters. Nothing if that
// does not lower: a defect that a test finds.
std::optional<Example> exampleOf(const layers::LayerSpec& layer);
// That one; the others of its words; each with every bool and choice changed, one at a time, and with all inputs wired,
// as far as they lower. They tell which ops the layer may come to.
std::vector<Example> variants(const layers::LayerSpec& layer);

// "(N, 4); int64 (N, 5); num_groups=3": inputs in the order of the ports, then parameters. Asserts on other text.
std::optional<Example> exampleFrom(const layers::LayerSpec& layer, const std::string& text);

}  // namespace netwright::help
