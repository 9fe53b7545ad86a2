// SPDX-License-Identifier: Apache-2.0
// What losses share. Used by builtin/ only.
#pragma once

#include "core/layers/lowering.h"

namespace netwright::layers {

ParamSpec reductionParam();               // mean, sum or none
Argument reductionOf(const Lowering& l);  // as at::Reduction counts
// One number from many losses, as the parameter says.
Value reducedLoss(Lowering& l, const Value& each);

// The numbers of a FloatList parameter as a constant buffer of that name; None for an empty list.
Argument weightsOf(Lowering& l, const char* param);
// The target in the output's very shape, where they differ by dimensions of size 1 only: (N) becomes (N, 1) for an
// output (N, 1), and the other way round. Any other difference is left for the op's rule to explain.
Value alignedTarget(Lowering& l, const Value& output, const Value& target);
// The whole lowering of a loss that compares class numbers: guards the labels.
void lowerClassLoss(Lowering& l, const char* op, std::vector<Argument> more);

}  // namespace netwright::layers
