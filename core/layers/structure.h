// SPDX-License-Identifier: Apache-2.0
// What lowering says about blocks: reports of instances, and problems where people can mend them. Used by
// lower_graph.cpp.
#pragma once

#include <map>

#include "core/graph/expand.h"
#include "core/layers/lower_graph.h"

namespace netwright::layers {

// Adds a report for each instance: the types of its outputs, and what all nodes inside cost together.
void reportInstances(const graph::Document& document, const graph::Expanded& structure, NodeReports& nodes);

// What is wrong with the structure, in numbers of flat nodes.
Diagnostics problemsOf(const graph::Expanded& structure);

// Gives each diagnostic its path in place of a flat node's number. Its fixes then speak of nodes in the body where the
// node is drawn; those that reach into another body are dropped. Of several copies of one mistake in a definition the
// first is kept.
Diagnostics localised(const graph::Expanded& structure, Diagnostics diagnostics);

}  // namespace netwright::layers
