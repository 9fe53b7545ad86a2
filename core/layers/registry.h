// SPDX-License-Identifier: Apache-2.0
// The registry of layers. Everything that lists layers reads it: palette, forms, CLI, docs, contract tests.
#pragma once

#include <string>
#include <vector>

#include "core/graph/document.h"
#include "core/layers/layer_spec.h"

namespace netwright::layers {

// All layers, by category and title. The list lives forever and never changes after the first call.
const std::vector<LayerSpec>& registry();
const LayerSpec* findLayer(const std::string& id);  // null: unknown kind

// A loss of one output and one target, as the objective of a run is made of. The others have more inputs.
bool comparesOutputs(const LayerSpec& layer);

// A node of this layer with all parameters at their defaults and a free name; id and position are set too.
graph::Node newNode(const LayerSpec& layer, const graph::Document& document, graph::Point position);
// Brings every node of an older layer version to the current one. Nodes of unknown kinds or newer versions stay.
void migrate(graph::Document& document);
// The same for the parameters of one layer, which are of `version`.
void migrate(const LayerSpec& layer, int64_t version, Attributes& params);
// "Conv2d 'conv1'", as messages and tooltips call a node.
std::string label(const graph::Node& node);
// Layers whose id, title, aliases, PyTorch name or category match what was typed, best first ("conv", "nn.Conv2d",
// "convolution").
std::vector<const LayerSpec*> searchLayers(const std::string& words);

}  // namespace netwright::layers
