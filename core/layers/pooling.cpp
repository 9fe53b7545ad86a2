// SPDX-License-Identifier: Apache-2.0
// ATen pads both sides alike, with what no window counts. Where "same" wants one place more at the end, rounding the
// number of windows up (ceil_mode) brings the last window, which hangs over the end by that place; with stride 1 there
// is nothing to round, so both sides get the larger margin and the first window goes.
#include "core/layers/pooling.h"

namespace netwright::layers {

ParamSpec poolPaddingParam(int dims) { return sizesParam("padding", dims, 0).min(0).orWord({"same"}); }

std::optional<Windows> windowsOf(Lowering& l, const Value& x, const Shape& dilation) {
  if (!std::holds_alternative<std::string>(l.node().params.at("padding")))
    return Windows{l.ints("padding"), l.get<bool>("ceil_mode"), {}};
  Windows windows{{}, true, {}};
  const std::vector<int64_t> kernel = numbersOf(l.ints("kernel_size")), stride = numbersOf(strideOf(l)),
                             apart = numbersOf(dilation);
  for (size_t i = 0; i < kernel.size(); ++i) {
    const auto dim = static_cast<int64_t>(i) + 2;
    const auto margin = sameMargin(l, x.dim(static_cast<int>(dim)), kernel[i], stride[i], apart[i]);
    if (!margin) return std::nullopt;
    const bool early = stride[i] == 1 && margin->after > margin->before;
    windows.padding.emplace_back(early ? margin->after : margin->before);
    if (early) windows.trims.push_back(dim);
  }
  return windows;
}

Value trimmed(Lowering& l, Value y, const Windows& windows) {
  for (const int64_t dim : windows.trims)
    y = l.op("narrow", {y.id, Dim(dim), Dim(1), y.dim(static_cast<int>(dim)) - Dim(1)});
  return y;
}

}  // namespace netwright::layers
