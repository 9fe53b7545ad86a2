// SPDX-License-Identifier: GPL-3.0-or-later
// Ways and labels for all wires between standing nodes. Used by GraphScene and NetworkPicture.
#pragma once

#include <map>

#include "core/graph/document.h"

namespace netwright::editor {

class NodeItem;
class RectIndex;
class Router;
class WireItem;

using NodeItems = std::map<NodeId, NodeItem*>;
using WireItems = std::map<graph::Wire, WireItem*>;

// lifted: a node in the hand, for which wires do not make way; none: all stand.
void layOutWires(const NodeItems& nodes, const WireItems& wires, NodeId lifted = {});
void routeWire(const NodeItems& nodes, WireItem& wire, Router& router);

}  // namespace netwright::editor
