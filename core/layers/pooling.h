// SPDX-License-Identifier: Apache-2.0
// What the poolings share that take the word "same" as padding. Used by builtin/ only.
#pragma once

#include <vector>

#include "core/layers/windows.h"

namespace netwright::layers {

// The sizes, or "same".
ParamSpec poolPaddingParam(int dims);

// Where the windows of a pooling lie. Its op takes `padding` and `ceilMode`; afterwards `trimmed` takes away the first
// window of each dimension in `trims`, which lies one place too early.
struct Windows {
  Shape padding;
  bool ceilMode = false;
  std::vector<int64_t> trims;
};
// By padding, kernel_size, stride, ceil_mode and the given dilation; nothing after a complaint.
std::optional<Windows> windowsOf(Lowering& l, const Value& x, const Shape& dilation);
Value trimmed(Lowering& l, Value y, const Windows& windows);

}  // namespace netwright::layers
