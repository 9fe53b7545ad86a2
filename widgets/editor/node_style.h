// SPDX-License-Identifier: GPL-3.0-or-later
// How layers look and read in the editor: colour and icon of a category, shapes and parameters as short texts. Used by
// nodes, wires and palette.
#pragma once

#include <QColor>
#include <QString>

#include "core/graph/document.h"
#include "core/layers/layer_spec.h"
#include "core/layers/lower_graph.h"

namespace netwright::editor {

QColor categoryColour(layers::Category category);  // in the current theme; readable as a mark, not as small text
QString categoryMark(layers::Category category);   // one or two letters: colour is never the only sign

QString shapeText(const program::ValueType& type);                // "N×32×28×28", "int64 N", empty if unknown
QString valueText(const Attribute& value);                        // "3×3", "32", "none"
QString mainText(const ParamSpec& spec, const Attribute& value);  // as the node shows it
// The parameters that count most, as the node shows them: "32 · 3×3". A formula where there are none.
QString mainLine(const graph::Node& node, const layers::LayerSpec& layer);
QString countText(int64_t count);  // "421,642" up to a million, then "1.3 M"

}  // namespace netwright::editor
