// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a value could flow into a layer, asked before the wire is there: quick add lists what fits first, and a wire
// in the hand lights the ports that take it. Pure.
#pragma once

#include <QString>

#include "core/graph/document.h"
#include "core/layers/layer_spec.h"
#include "core/program/type.h"

namespace netwright::editor {

// Why `node` could not take a value of this type at its input; empty if it could, or if that cannot be told from the
// type alone: unknown sizes, or further inputs that must fit together.
QString whyMisfit(const graph::Node& node, const std::string& input, const program::ValueType& type);
// The same for a new layer with its defaults, at its first input.
QString whyMisfit(const layers::LayerSpec& layer, const program::ValueType& type);

}  // namespace netwright::editor
