// SPDX-License-Identifier: Apache-2.0
// What the nodes of a network write in one forward pass, in bytes: the memory that training keeps for the way back.
// Used by the window's costs.
#pragma once

#include <map>

#include "core/program/program.h"

namespace netwright::layers {

// For a batch of this many samples, by the node that computes them; the inputs count at their Input nodes. Results that
// share the memory of an argument (views such as a flatten) are free. Nodes whose sizes depend on more than the batch,
// and nodes that lead to no output, are missing.
std::map<NodeId, int64_t> activationBytes(const program::Program& program, int64_t batch);

}  // namespace netwright::layers
