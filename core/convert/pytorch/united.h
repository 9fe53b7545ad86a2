// SPDX-License-Identifier: Apache-2.0
// Control flow laid open for source code: the ops of all regions among the others, their values in one space with those
// around them. Used by model_source.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/graph/expand.h"
#include "core/program/program.h"

namespace netwright::convert::pytorch {

// What a node of control flow does. Conversions that Python needs no word for (to a bool, to one number) are left out.
struct ControlFlow {
  struct Region {
    program::ValueId index;                            // the number of the step; invalid: not asked for
    std::vector<program::ValueId> carried, parts;      // as they enter: what is carried, a part of each scanned value
    std::vector<std::string> carriedNames, partNames;  // of the body's ports
    program::ValueId again;                            // whether to go on; invalid: always
    std::vector<program::ValueId> outputs;  // what is carried on, then what is stacked; of a branch its results
  };
  bool loops = false;
  program::ValueId choice;            // of a branch: a bool or the region's number
  std::optional<program::Dim> count;  // of a loop; as in program::Loop
  program::ValueId liveCount, start;  //
  std::vector<program::ValueId> carried, scanned;
  std::vector<program::ValueId> operands;  // others that regions read, which are the same values inside
  int64_t dim = 0;                         // that is scanned and stacked along
  bool keepsDim = false;                   // parts keep it, of one entry
  std::vector<Region> regions;
  std::vector<program::ValueId> results;
  std::vector<program::ValueId> reads() const;   // all values that come from or go to other nodes
  std::vector<program::ValueId> inputs() const;  // those from outside
};

struct United {
  program::Program program;
  std::map<NodeId, ControlFlow> control;                                       // by node
  std::map<std::pair<NodeId, size_t>, std::vector<program::ValueId>> regions;  // values by their numbers in the region
};
United united(const program::Program& program);

}  // namespace netwright::convert::pytorch
