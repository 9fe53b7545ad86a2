// SPDX-License-Identifier: Apache-2.0
// What a new node of control flow runs until people draw their own: blocks that hand on what comes in.
#pragma once

#include <memory>
#include <vector>

#include "core/graph/edit.h"
#include "core/layers/layer_spec.h"

namespace netwright::layers {

// Definitions with names and numbers that are free in `root`, to be added to it; none for other layers.
std::vector<graph::Block> newBodies(const LayerSpec& layer, const graph::Document& root);

// The layer as a new node of it looks: with the numbers of its new bodies, and their ports. Others stay as they are.
std::shared_ptr<const LayerSpec> withNewBodies(const LayerSpec& layer, const graph::Document& root);
// Puts the definitions of new bodies before the nodes that an edit adds with withNewBodies().
graph::Edit addingBodies(graph::Edit edit, const graph::Document& root);

}  // namespace netwright::layers
