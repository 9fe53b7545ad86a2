// SPDX-License-Identifier: GPL-3.0-or-later
// Search in the graph: which nodes answer a few words. Pure; used by FindBar.
#pragma once

#include <QString>
#include <vector>

#include "core/graph/document.h"

namespace netwright::editor {

struct Found {
  NodeId node;
  QString why;  // what matched, for the list of results: "out_channels = 32"; empty for the name or kind
};

// Nodes that answer all words of the query, in document order. A word is part of a name, of a layer's title, id or name
// in PyTorch, or of a parameter's name or value; "type:conv", "out_channels=32", "p>0.3" and "bias=false" ask for just
// that. No words: no nodes.
std::vector<Found> findNodes(const graph::Document& document, const QString& query);

}  // namespace netwright::editor
