// SPDX-License-Identifier: Apache-2.0
// What a graph itself says is trained, and what metrics read of it. Used by lower_graph.cpp.
#pragma once

#include <optional>
#include <vector>

#include "core/layers/lower_graph.h"
#include "core/program/builder.h"

namespace netwright::layers {

// Nodes `minimize`, and losses with a wire whose result leads nowhere; by node order.
std::vector<NodeId> ownLosses(const graph::Document& document);

// What a loss node compares: `values` are those of the ports of all nodes.
LossOrigin originOf(const graph::Document& document, const graph::Node& loss,
                    const std::map<PortRef, program::ValueId>& values, const program::Program& program);

// The node and port that a metric reads: "head", "head.y". An Output stands for what it takes.
std::optional<PortRef> measuredPort(const graph::Document& document, const std::string& name);

}  // namespace netwright::layers
