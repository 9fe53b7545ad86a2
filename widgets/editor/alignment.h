// SPDX-License-Identifier: GPL-3.0-or-later
// Brings chosen nodes into line. Pure; GraphScene sends the edit.
#pragma once

#include <QSizeF>
#include <map>
#include <vector>

#include "core/graph/edit.h"

namespace netwright::editor {

enum class Align { Left, Centre, Right, Top, Middle, Bottom };

// Aligns to the outermost edge, or to the middle of all. An edit without steps: nothing to do.
graph::Edit alignEdit(const graph::Document& document, const std::map<NodeId, QSizeF>& nodes, Align align);
// Equal gaps between neighbours; the outermost two stay. With fewer than three there is nothing to do.
graph::Edit distributeEdit(const graph::Document& document, const std::map<NodeId, QSizeF>& nodes, bool horizontally);

}  // namespace netwright::editor
