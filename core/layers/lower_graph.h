// SPDX-License-Identifier: Apache-2.0
// Lowers a whole graph to a program and reports everything that is wrong with it at once. Fast (10 ms for 1,000 nodes),
// never throws, keeps no state: the window calls it after every edit.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/graph/document.h"
#include "core/graph/expand.h"
#include "core/program/program.h"

namespace netwright::layers {

// What one node came to.
struct NodeReport {
  std::map<std::string, program::ValueType> outputs;  // by port; Unknown after an error
  std::map<std::string, program::ValueId> values;     // of outputs, by port; none after an error or without use
  std::map<std::string, program::ValueId>
      inRegion;                             // instead, of nodes that control flow runs: in its region's program
  std::map<std::string, int64_t> inferred;  // numbers behind parameters that are `auto`
  int64_t parameters = 0;                   // trained numbers that the node owns
  program::Dim macs = 0;                    // multiply-accumulates of its forward pass for the whole batch
  bool model = true;                        // false: only losses and metrics need it
};

using NodeReports = std::unordered_map<NodeId, NodeReport>;

// What a term of the program's losses is.
struct LossOrigin {
  std::string loss;         // the layer: "cross_entropy"; of a regulariser its kind; of a composed value "minimize"
  Attributes params;        // of that layer, complete
  program::ValueId output;  // what it compares with data; invalid if nothing
  std::string input;        // the program's input that holds that data
  NodeId node;              // of the graph's own losses; 0 for others
};

// Where a value that a metric reads is found.
struct MeasuredPlace {
  bool output = false;  // among the program's outputs, else among `measured`
  int index = -1;       // -1 after an error
};

struct Lowered {
  program::Program program;  // complete only if there are no errors; nodes that lead to no output or loss are left out
  Diagnostics diagnostics;   // by node order; errors of nodes that lead nowhere are warnings
  // Of the flat graph's nodes and of the instances of blocks, which stand for all that is inside them.
  NodeReports nodes;
  std::vector<LossOrigin> losses;                    // for each of program.losses
  std::vector<MeasuredPlace> measured;               // for each that was asked for
  bool ownLosses = false;                            // nodes `minimize`, or losses whose result leads nowhere
  std::shared_ptr<const graph::Expanded> structure;  // null: the document was flat already
  bool ok() const { return !hasErrors(diagnostics); }
  // The graph that the program came from; `drawn` is the one that was lowered.
  const graph::Document& flat(const graph::Document& drawn) const { return structure ? structure->flat : drawn; }
  // Where a node of the program is drawn: the instances that lead to it, and itself.
  NodePath path(const NodePath& node) const { return structure && !node.empty() ? structure->path(node.back()) : node; }
  // The flat nodes that a node of the network stands for: all inside an instance, else itself.
  std::vector<NodeId> inside(NodeId node) const;
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

// A column of the data that targets may be bound to.
struct DataColumn {
  std::string name;
  program::TensorType type;  // per sample: without the batch dimension
  bool target = false;       // what an unnamed target may stand for, if it is the only one
};

// Adds to an objective a number that grows with its parameters.
struct RegulariserRequest {
  std::string kind = "l2";  // "l1", "l2", "orthogonal"
  std::string parameters;   // pattern over the names of states
  std::string trained;      // the same of what the objective trains: others are left out
  double weight = 0;
  int objective = 0;
};

// What a run makes of a graph.
struct TrainingRequest {
  std::vector<LossRequest> losses;  // for a graph without losses of its own
  std::vector<DataColumn> columns;
  // Values that metrics read: "head" is what an Output of that name takes or the first output of a node, "head.y" one
  // of its ports, "" what the first loss compares with data.
  std::vector<std::string> measured;
  std::vector<RegulariserRequest> regularisers;
  std::vector<std::string> frozen;  // patterns over the names of parameters
};

// The batch dimension is the symbol N. Nodes of the program, the reports and the losses are those of the flat graph;
// diagnostics name nodes by their path, and of copies of one block the first only. lowerGraph knows no data: targets
// are unknown, and what follows from them is left out in silence.
Lowered lowerGraph(const graph::Document& document, const std::vector<LossRequest>& losses = {});
Lowered lowerForTraining(const graph::Document& document, const TrainingRequest& request);

}  // namespace netwright::layers
