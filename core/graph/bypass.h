// SPDX-License-Identifier: Apache-2.0
// What bypassed nodes come to: wires.
#pragma once

#include <optional>
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
// enters. Used by expand().
std::vector<Pending> pastBypassed(std::vector<Pending> wires, const std::set<NodeId>& bypassed);

// Where a value of the body really comes from, past the bypassed nodes before it; none if nothing enters them.
std::optional<PortRef> origin(const Document& body, PortRef output);

}  // namespace netwright::graph
