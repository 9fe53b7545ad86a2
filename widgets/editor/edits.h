// SPDX-License-Identifier: GPL-3.0-or-later
// Edits that only an editor needs: add and connect, put into a wire, copy as text and paste. Pure; GraphScene sends
// them to the model.
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "core/graph/edit.h"
#include "core/graph/view.h"
#include "core/layers/layer_spec.h"

namespace netwright::editor {

// Where a wire under the hand started.
struct WireStart {
  PortRef port;
  bool fromOutput = true;
};

// Why these two ports cannot be joined; empty if they can.
QString whyNot(const graph::Document& document, const PortRef& from, const PortRef& to);

// A new node, joined to `start` by its first fitting port (none: it stays loose). `added` receives its id.
graph::Edit addLayer(const graph::Document& document, const layers::LayerSpec& layer, graph::Point at,
                     const std::optional<WireStart>& start, NodeId* added = nullptr);
// Whether the layer has a port that `start` can be joined to.
bool canJoin(const layers::LayerSpec& layer, const WireStart& start);

// Puts a dot into the wire, with its centre at `at`. `added` receives its id.
graph::Edit reroute(const graph::Document& document, const graph::Wire& wire, graph::Point at, NodeId* added);

// Puts a loose node that is in the document already into a wire, at `at`. Empty if it has wires, no input or no output.
graph::Edit insertExisting(const graph::View& view, NodeId node, const graph::Wire& wire, graph::Point at);

// A free place for a new node near `wanted`, on the grid.
graph::Point freePlace(const graph::Document& document, graph::Point wanted);

// Nodes with the wires between them, and annotations, as JSON text that starts with {"netwright_graph": 1, ...}.
// Definitions of blocks and variables that they use come along.
QString copyText(const graph::View& view, const std::vector<NodeId>& nodes,
                 const std::vector<int64_t>& annotations = {});
struct Pasted {
  graph::Edit edit;  // whose steps say where they happen
  std::vector<NodeId> nodes;
  std::vector<int64_t> annotations;
  QString refused;  // why nothing can be pasted
};
// What was copied, with fresh ids and names, moved by `offset`; or with its top left corner at `at`. Takes the text of
// a whole project.json, too. Definitions that the project has already are used; others come in.
Pasted paste(const graph::View& view, const QString& text, graph::Point offset, std::optional<graph::Point> at = {});

}  // namespace netwright::editor
