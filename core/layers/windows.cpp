// SPDX-License-Identifier: Apache-2.0
#include "core/layers/windows.h"

#include <algorithm>

namespace netwright::layers {

std::string inDims(const char* stem, int dims) { return stem + std::to_string(dims) + "d"; }
std::string form(int dims) { return std::string("(") + kForms[static_cast<size_t>(dims)] + ")"; }

ParamSpec sizesParam(const char* name, int dims, int64_t fallback) {
  if (dims == 1) return intParam(name, fallback);
  const auto count = static_cast<size_t>(dims);
  return intListParam(name, std::vector<int64_t>(count, fallback), count).withUnit("px");
}

ParamSpec strideParam(int dims) {
  return sizesParam("stride", dims, 1).min(1).noneByDefault().withDoc("Step of the window; none means kernel_size.");
}

Shape strideOf(const Lowering& l) { return l.isNone("stride") ? l.ints("kernel_size") : l.ints("stride"); }

std::optional<Margin> sameMargin(Lowering& l, const Dim& size, int64_t kernel, int64_t stride, int64_t dilation) {
  const int64_t span = dilation * (kernel - 1);
  int64_t total = span;
  if (stride > 1) {
    const auto known = size.constant();
    if (!l.check(known.has_value(), "NW-P001", "padding",
                 {{"param", "padding"},
                  {"problem", "must be numbers where stride is not 1 and the size " + size.text() + " is not known"}}))
      return std::nullopt;
    total = std::max<int64_t>(0, ((*known + stride - 1) / stride - 1) * stride + span + 1 - *known);
  }
  return Margin{total / 2, total - total / 2};
}

std::vector<int64_t> numbersOf(const Shape& sizes) { return program::constants(sizes).value(); }

}  // namespace netwright::layers
