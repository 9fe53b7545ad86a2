// SPDX-License-Identifier: Apache-2.0
// Lowers a loss on an output of the graph. Used by lower_graph.cpp.
#pragma once

#include <map>

#include "core/layers/lower_graph.h"
#include "core/program/builder.h"

namespace netwright::layers {

// Where a loss is lowered to: the graph, what its nodes came to, and its program so far.
struct LossScope {
  const graph::Document& document;
  const NodeReports& nodes;
  program::Builder& builder;
  Diagnostics& diagnostics;
  std::vector<LossOrigin>& losses;
};

// The program's input for a column, which several losses and an Input node may share. `type`: per sample.
program::ValueId targetInput(program::Builder& builder, const std::string& column, program::TensorType type);

// `index`: the loss's place in the list, which tells its buffers from those of another.
void lowerLoss(const LossScope& scope, const LossRequest& request, int64_t index);

}  // namespace netwright::layers
