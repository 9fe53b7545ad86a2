// SPDX-License-Identifier: Apache-2.0
// How a value came about, in words. Used by lower_graph.cpp.
#pragma once

#include <map>

#include "core/layers/lower_graph.h"

namespace netwright::layers {

// Fills d.chain: "x (N, 1, 28, 28) → Conv2d 'conv1' (N, 32, 26, 26) → … → Flatten 'flatten' (N, 1600)".
void addChain(const graph::Document& document, const NodeReports& nodes, Diagnostic& d);

}  // namespace netwright::layers
