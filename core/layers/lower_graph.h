// SPDX-License-Identifier: Apache-2.0
// Lowers a whole graph to a program and reports everything that is wrong with it at once. Fast (10 ms for 1,000 nodes),
// never throws, keeps no state: the window calls it after every edit.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/graph/document.h"
#include "core/graph/expand.h"
#include "core/program/program.h"

namespace netwright::layers {

// What one node came to.
struct NodeReport {
  std::map<std::string, program::ValueType> outputs;  // by port; Unknown after an error
  std::map<std::string, program::ValueId> values;     // of outputs, by port; none after an error or without use
  std::map<std::string, int64_t> inferred;            // numbers behind parameters that are `auto`
  int64_t parameters = 0;                             // trained numbers that the node owns
  program::Dim macs = 0;                              // multiply-accumulates of its forward pass for the whole batch
};

struct Lowered {
  program::Program program;  // complete only if there are no errors; nodes that lead to no output are left out
  Diagnostics diagnostics;   // by node order; errors of nodes that lead to no output are warnings
  // Of the flat graph's nodes and of the instances of blocks, which stand for all that is inside them.
  std::map<NodeId, NodeReport> nodes;
  std::shared_ptr<const graph::Expanded> structure;  // null: the document was flat already
  bool ok() const { return !hasErrors(diagnostics); }
  const program::ValueType* typeAt(const PortRef& output) const;  // null if there is no such port
};

// A loss on an output of the graph, compared with a column of the data. Losses are layers of the category Loss.
struct LossRequest {
  std::string kind = "cross_entropy";
  Attributes params;  // missing ones take the layer's defaults
  double weight = 1;
  int objective = 0;
  std::string output;              // name of the Output node; empty: the only one
  std::string target;              // name of the column
  program::TensorType targetType;  // per sample: without the batch dimension
};

// The batch dimension is the symbol N. Nodes of the program, the reports and the losses are those of the flat graph;
// diagnostics name nodes by their path, and of copies of one block the first only.
Lowered lowerGraph(const graph::Document& document, const std::vector<LossRequest>& losses = {});

}  // namespace netwright::layers
