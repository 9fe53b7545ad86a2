// SPDX-License-Identifier: GPL-3.0-or-later
// What one node shows, as a value: made from the document and what lowering says, painted by NodeItem.
#pragma once

#include <QString>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/graph/view.h"
#include "core/layers/layer_spec.h"
#include "core/program/memory.h"
#include "core/project/prepare.h"

namespace netwright::editor {

struct PortFace {
  std::string name;
  bool connected = false;
  bool faulty = false;    // an error names this port
  bool optional = false;  // an input that may stay without a wire
  bool operator==(const PortFace&) const = default;
};

struct ValueFace {  // a main parameter, edited in the node itself
  std::string param;
  QString text;  // "3×3"
  bool operator==(const ValueFace&) const = default;
};

struct NodeFace {
  QString title, name;                       // "Conv2d", "conv1"
  QString line;                              // "32 · 3×3"
  std::vector<ValueFace> values;             // what the line is made of; empty where it is a formula
  QString shape;                             // of the output: "N×32×28×28"; empty if unknown
  QString cost;                              // "320 params · 14.5 M MAC"; empty if there is none
  QString memory;                            // "5.5 MB" of activations; empty if unknown or none
  std::optional<layers::Category> category;  // none: a kind that this version does not know
  std::vector<PortFace> inputs, outputs;
  bool bypassed = false;
  bool dot = false;                  // that wires go through
  std::optional<Severity> severity;  // the worst that is known about it; infos do not count
  QString toolTip;
  bool operator==(const NodeFace&) const = default;
};

// What faces are made from, with everything that is asked for each node found once. Refers to its sources.
class FaceSource {
 public:
  // Costs are those of a batch of `batch` samples.
  FaceSource(const graph::View& view, const project::Prepared& prepared, int64_t batch);
  const graph::Document& document() const { return document_; }
  const graph::View& view() const { return view_; }
  // What lowering says about a node, and about a value; null if it says nothing.
  const layers::NodeReport* report(NodeId node) const;
  const program::ValueType* typeAt(const PortRef& output) const;
  const layers::Lowered& lowered() const { return prepared_.lowered; }
  int64_t batch() const { return batch_; }
  const graph::Wire* wireInto(const PortRef& input) const;
  bool isUsed(const PortRef& output) const { return used_.contains(output); }
  const std::vector<const Diagnostic*>& problemsOf(NodeId node) const;  // worst first
  std::optional<int64_t> memory(NodeId node) const;
  bool isFrozen(NodeId node) const;  // the run leaves its weights as they are
  // Ports that only wires know, in the order of wires.
  const std::vector<std::string>& touched(NodeId node, bool input) const;

 private:
  const graph::View view_;
  const graph::Document& document_;
  const project::Prepared& prepared_;
  int64_t batch_;
  bool bypasses_ = false;  // a node is bypassed
  std::map<PortRef, const graph::Wire*> into_;
  std::set<PortRef> used_;
  std::map<NodeId, std::vector<std::string>> touchedInputs_, touchedOutputs_;
  std::map<NodeId, std::vector<const Diagnostic*>> problems_;
  std::map<NodeId, program::Dim> memory_;
  std::set<NodeId> frozen_;  // flat numbers
};

NodeFace makeFace(const FaceSource& source, const graph::Node& node);

// The name of the ports of a node: its layer's, and for unknown kinds those that wires touch.
std::vector<std::string> inputNames(const FaceSource& source, const graph::Node& node);
std::vector<std::string> outputNames(const FaceSource& source, const graph::Node& node);

}  // namespace netwright::editor
