// SPDX-License-Identifier: GPL-3.0-or-later
// What one node shows, as a value: made from the document and what lowering says, painted by NodeItem.
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "core/layers/layer_spec.h"
#include "core/project/prepare.h"

namespace netwright::editor {

struct PortFace {
  std::string name;
  bool connected = false;
  bool faulty = false;    // an error names this port
  bool optional = false;  // an input that may stay without a wire
  bool operator==(const PortFace&) const = default;
};

struct NodeFace {
  QString title, name;                       // "Conv2d", "conv1"
  QString line;                              // "32 · 3×3"
  QString shape;                             // of the output: "N×32×28×28"; empty if unknown
  QString parameters;                        // "320 params"; empty if there are none
  std::optional<layers::Category> category;  // none: a kind that this version does not know
  std::vector<PortFace> inputs, outputs;
  std::optional<Severity> severity;  // the worst that is known about it; infos do not count
  QString toolTip;
  bool operator==(const NodeFace&) const = default;
};

NodeFace makeFace(const graph::Document& document, const graph::Node& node, const project::Prepared& prepared);

// What is wrong at a node, worst first.
std::vector<const Diagnostic*> problemsOf(NodeId node, const Diagnostics& diagnostics);
// The name of the ports of a node: its layer's, and for unknown kinds those that wires touch.
std::vector<std::string> inputNames(const graph::Document& document, const graph::Node& node);
std::vector<std::string> outputNames(const graph::Document& document, const graph::Node& node);

}  // namespace netwright::editor
