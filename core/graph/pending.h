// SPDX-License-Identifier: Apache-2.0
// Wires on their way into the flat graph. Used by expand.cpp.
#pragma once

#include <set>
#include <vector>

#include "core/graph/document.h"

namespace netwright::graph {

// A wire of the flat graph whose source may still be an instance's port, and where it ends as drawn.
struct Pending {
  Wire wire;
  PortRef drawnTo;
};

// The wires that remain when bypassed nodes, by their flat numbers, are taken out: what leaves one comes from what
// enters it first, by its port "x", "input" or "query", else by the first by name. Nothing leaves one that nothing
// enters.
std::vector<Pending> pastBypassed(std::vector<Pending> wires, const std::set<NodeId>& bypassed);

}  // namespace netwright::graph
