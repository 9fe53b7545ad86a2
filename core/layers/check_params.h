// SPDX-License-Identifier: Apache-2.0
// A node's parameters against their specs. Used by lower_graph.cpp and lower_loss.cpp.
#pragma once

#include "core/base/diagnostic.h"
#include "core/graph/document.h"
#include "core/layers/layer_spec.h"

namespace netwright::layers {

// A complaint about a node; "layer" is filled in.
Diagnostic diagnose(const char* code, const graph::Node& node, std::map<std::string, std::string> args);
// Wrong values are errors, with the default as fix; unknown names are warnings.
Diagnostics checkParams(const LayerSpec& layer, const graph::Node& node);

}  // namespace netwright::layers
