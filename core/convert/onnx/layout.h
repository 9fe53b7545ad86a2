// SPDX-License-Identifier: Apache-2.0
// How tensors lie in memory for operators that broadcast or work along an axis. Used by the evaluator's operators only.
#pragma once

#include <algorithm>

#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {

// The common shape of two tensors, sizes compared from the last; 1 stretches.
inline Ints broadcast(const OpCall& call, const Ints& a, const Ints& b) {
  Ints shape(std::max(a.size(), b.size()), 1);
  for (size_t i = 1; i <= shape.size(); ++i) {
    const int64_t x = i <= a.size() ? a[a.size() - i] : 1, y = i <= b.size() ? b[b.size() - i] : 1;
    call.require(x == y || x == 1 || y == 1, "Its inputs cannot be broadcast to one size.");
    shape[shape.size() - i] = x == 1 ? y : x;
  }
  return shape;
}

// Where the value at `index` of the broadcast shape lies in a tensor of shape `own`.
inline size_t source(int64_t index, const Ints& shape, const Ints& own) {
  int64_t at = 0, step = 1;
  for (size_t i = 1; i <= shape.size(); ++i) {
    const int64_t position = index % shape[shape.size() - i];
    index /= shape[shape.size() - i];
    if (i > own.size()) continue;
    const int64_t size = own[own.size() - i];
    if (size != 1) at += position * step;
    step *= size;
  }
  return static_cast<size_t>(at);
}

// A tensor seen as (outer, size, inner) around one axis.
struct Around {
  int64_t outer = 1, size = 1, inner = 1;
  Around(const Ints& shape, int64_t axis) {
    for (size_t i = 0; i < shape.size(); ++i) {
      const auto d = static_cast<int64_t>(i);
      (d < axis ? outer : d == axis ? size : inner) *= shape[i];
    }
  }
};

}  // namespace netwright::convert::onnx
