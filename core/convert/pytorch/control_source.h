// SPDX-License-Identifier: Apache-2.0
// Control flow as Python's own: if, for and while around calls of the bodies. Used by scope_writer.cpp.
#pragma once

#include <string>
#include <vector>

#include "core/convert/pytorch/block_tree.h"
#include "core/convert/pytorch/class_text.h"
#include "core/convert/pytorch/scope.h"

namespace netwright::convert::pytorch {

// How a body is called.
struct BodyCall {
  const BlockScope* scope = nullptr;  // null: it computes nothing
  std::string module;                 // "self.way.then"
};

// The statements of a node of control flow. `list`: the list of modules that holds all bodies, if there is one:
// "self.way".
std::vector<Line> controlLines(const program::Program& program, const NodePlan& plan, const std::string& name,
                               const std::vector<BodyCall>& bodies, const std::string& list, Scope& locals,
                               size_t statement);

}  // namespace netwright::convert::pytorch
