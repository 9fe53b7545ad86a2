// SPDX-License-Identifier: Apache-2.0
// What automatic differentiation keeps of an op between the way forward and the way back: the values that PyTorch's
// derivatives read (tools/autograd/derivatives.yaml), and what composite ops make inside. Checked against LibTorch's
// allocator by tests/core/engine/memory_test.cpp.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "core/program/program.h"

namespace netwright::program {

struct Kept {
  std::vector<ValueId> values;  // of the program: arguments and results
  Dim bytes = 0;                // besides them: masks, indices, statistics, what lies between the parts of the op
  Dim scratch = 0;              // large tensors that only live while its gradients are computed
};

// `needs` tells whether a value's gradient is wanted; `training` is the mode of the op.
Kept keptForBackward(const Program& program, const Op& op, const std::function<bool(ValueId)>& needs, bool training);

// Results share the memory of the first argument: view, transpose, slice, ... A reshape may copy.
bool isView(const Op& op);
// A view that leaves the elements out of order, so that a later reshape copies: permute, transpose, expand, ...
bool reorders(const Op& op);
// The gradient goes on as it came, without a copy: views, additions.
bool passesGradient(const Op& op);

}  // namespace netwright::program
