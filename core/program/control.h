// SPDX-License-Identifier: Apache-2.0
// Ops that run programs of their own, Op::regions: a branch and a loop. They are no ATen ops: the executor runs them
// (engine/control.h), and exporters print them as the control flow of their language. A region is closed: it reads
// nothing but its own inputs, has no states, losses or initialisation; weights that it uses are operands of the op.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/program/program.h"

namespace netwright::program {

// branch(Tensor choice, Tensor[] operands) -> Tensor[]: runs one region. A bool chooses the first region when it is
// true and the second when it is false; an int64 the region of that number. `choice` has no dimensions. Every region
// takes the operands, in order, and gives as many results of the same types, which are those of the op; where sizes
// differ, the op's result has a symbol.
const OpInfo& branchOp();

// loop(...) -> Tensor[]: runs its one region again and again. Covers Loop, Scan and Map.
const OpInfo& loopOp();

struct Branch {
  ValueId choice;
  std::vector<ValueId> operands;
};
Branch branchOf(const Op& op);

// The region takes [the number of the step, if `index`], the carried values, a slice of each scanned value (without
// the dimension), the captured values. It gives [whether to go on, if `again`], the carried values, what is stacked.
// Results of the op: the carried values as they are at the end, then the stacked ones.
struct Loop {
  std::optional<Dim> count;  // so many steps, from 0 on; none: see liveCount
  ValueId liveCount;         // int64 without dimensions; a negative one is 0; invalid: until `again` says no
  ValueId start;             // bool without dimensions: false is no step at all; invalid: true
  bool again = false;        // the region's first result, a bool without dimensions, tells whether a step follows
  bool index = false;        // the region's first input is the number of the step, int64 without dimensions
  std::vector<ValueId> carried, scanned, captured;
  int64_t dim = 0;     // that is scanned, and along which results are stacked
  int64_t limit = 0;   // more steps than so many are an error; 0: `count` is known, no limit
  size_t stacked = 0;  // results that are stacked, one part for each step
};
Loop loopOf(const Op& op);

inline bool isControl(const Op& op) { return !op.regions.empty(); }

// Sizes of its results that the batch decides: symbols called after the node.
struct DecidedSize {
  size_t result = 0, dim = 0;
  std::string symbol;
};
std::vector<DecidedSize> decidedSizes(const Program& program, const Op& op);

// How often a region runs, where that is known before; 1 elsewhere.
Dim timesOf(const Op& op);

}  // namespace netwright::program
