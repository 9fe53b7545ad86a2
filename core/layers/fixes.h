// SPDX-License-Identifier: Apache-2.0
// Fixes for what an op's shape rule complains about: they need to see the graph, the rule does not. Used by
// lower_graph.cpp, lower_loss.cpp and project/prepare.cpp.
#pragma once

#include <map>
#include <optional>

#include "core/layers/lower_graph.h"

namespace netwright::layers {

// Names the input or parameter at fault where the complaint does not, and adds fixes by its code.
void addFixes(const graph::Document& document, const NodeReports& nodes, Diagnostic& d);
// Sets the size of the layer before the Output node `end`; nothing where that is not one number of one layer.
std::optional<Fix> resizedOutput(const graph::Document& document, const NodeReports& nodes, NodeId end, int64_t size);
// For a loss: sets the size of the layer before the Output node `end` to what the target has.
void addLossFixes(const graph::Document& document, const NodeReports& nodes, NodeId end, const program::Shape& target,
                  Diagnostic& d);

}  // namespace netwright::layers
