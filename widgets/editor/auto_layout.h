// SPDX-License-Identifier: GPL-3.0-or-later
// Arranges a graph: layers from left to right, wrapped into rows like text so that a long chain stays readable. Pure;
// used by the "arrange" action and for the templates.
#pragma once

#include <QSizeF>
#include <map>
#include <set>

#include "core/graph/edit.h"

namespace netwright::editor {

struct LayoutOptions {
  std::map<NodeId, QSizeF> sizes;  // missing ones take the size of a plain node
  std::set<NodeId> only;           // arrange these and leave the others; empty: all
  QSizeF view{700, 560};           // the number of columns is chosen so that the whole is largest in a view like this
};

// New places for all nodes, on the grid, the first at the old top left corner. Every wire points forward within a row;
// nodes never overlap. Nodes on a cycle come last.
std::map<NodeId, graph::Point> arrange(const graph::Document& document, const LayoutOptions& options);

// The moves that get there; without steps if all is in place already.
graph::Edit arrangeEdit(const graph::Document& document, const LayoutOptions& options);

}  // namespace netwright::editor
