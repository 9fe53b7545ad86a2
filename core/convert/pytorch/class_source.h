// SPDX-License-Identifier: Apache-2.0
// The class of a node that PyTorch has no module for: its weights, how they begin, and its ops one by one. Used by
// model_source.cpp.
#pragma once

#include <string>
#include <vector>

#include "core/convert/pytorch/node_plan.h"
#include "core/convert/pytorch/scope.h"

namespace netwright::convert::pytorch {

// The ops as statements of a function, without indent. `wanted` names results that are not called x; `first`: number
// of the first of them in the scope.
std::vector<std::string> statements(const program::Program& program, const std::vector<const program::Op*>& ops,
                                    Scope& scope, const std::string& wanted, size_t first);
// What each of these ops reads, for a Scope.
std::vector<std::vector<program::ValueId>> readsOf(const std::vector<const program::Op*>& ops);

struct ClassSource {
  std::string body;                     // everything after "class NAME"; nodes with the same body share a class
  std::vector<program::ValueId> takes;  // arguments of forward()
  std::vector<program::ValueId> gives;  // results
  std::vector<std::string> constants;   // slots whose values only the files of weights hold
  std::string otherStart;               // as in ModelSource
};
// `read`: values that other nodes or the network's outputs read.
ClassSource classSource(const program::Program& program, const NodePlan& plan,
                        const std::vector<program::ValueId>& read);

std::string firstSentence(const std::string& doc);  // for a docstring

// How code reads a weight of a module: "self.layers[0].norm1.weight", where modules called 0, 1, 2 lie in a list.
std::string attribute(std::string owner, const std::string& slot);

}  // namespace netwright::convert::pytorch
