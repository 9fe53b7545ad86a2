// SPDX-License-Identifier: Apache-2.0
// What any node of a document is: a registered layer, with the ports that its parameters bring, or an instance of a
// block. Forms, ports and checks of nodes read it rather than the registry.
#pragma once

#include <memory>

#include "core/graph/document.h"
#include "core/layers/bodies.h"
#include "core/layers/layer_spec.h"

namespace netwright::layers {

// `body`: where the node stands. Null for an unknown kind and for an instance of a block that is not there. Shared with
// the registry or made for the call.
std::shared_ptr<const LayerSpec> specOf(const graph::Document& document, const graph::Node& node, BlockId body = {});
// The same for a registered layer's node where these names are known.
std::shared_ptr<const LayerSpec> specOf(const LayerSpec& layer, const Attributes& params, const Attributes& names);

// Those of a node's bodies that are there.
std::vector<Face> facesOf(const graph::Document& document, const graph::Node& node);

// The face of a block as a layer: its ports, its parameters and `repeat`. newNode makes an instance of it.
LayerSpec blockSpec(const graph::Block& block);

}  // namespace netwright::layers
