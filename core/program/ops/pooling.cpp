// SPDX-License-Identifier: Apache-2.0
// Pooling over sliding windows, and over whole dimensions.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

// `dilated`: the op has windows with gaps.
void pool2d(OpCall& call, bool dilated) {
  if (!requireRank(call, "self", 3, 4, "N, C, H, W")) return;
  const Shape& x = call.shape("self");
  const Shape kernel = call.ints("kernel_size"), stride = call.ints("stride").empty() ? kernel : call.ints("stride");
  std::vector<Window> ws;
  for (size_t i = 0; i < 2; ++i) {
    ws.push_back({entry(kernel, i), entry(stride, i), entry(call.ints("padding"), i),
                  dilated ? entry(call.ints("dilation"), i) : 1, call.flag("ceil_mode")});
    if (ws.back().padding > ws.back().kernel / 2)
      return call.fail("NW-P004", {{"padding", std::to_string(ws.back().padding)},
                                   {"kernel", std::to_string(ws.back().kernel)},
                                   {"limit", std::to_string(ws.back().kernel / 2)}});
  }
  Shape out(x.begin(), x.end() - 2);
  if (windows(call, x, ws, out)) call.result({call.tensor("self").dtype, out});
}
void maxPool2d(OpCall& call) { pool2d(call, true); }
void avgPool2d(OpCall& call) {
  if (requireFloat(call, "self")) pool2d(call, false);
}

void adaptiveAvgPool2d(OpCall& call) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", 3, 4, "N, C, H, W")) return;
  Shape out = call.shape("self");
  const Shape sizes = call.ints("output_size");
  for (size_t i = 0; i < 2; ++i) out[out.size() - 2 + i] = sizes[sizes.size() == 1 ? 0 : i];
  call.result({call.tensor("self").dtype, out});
}

void meanOfDims(OpCall& call) {
  if (!requireFloat(call, "self")) return;
  const Shape& x = call.shape("self");
  std::vector<bool> gone(x.size(), false);
  for (const Dim& d : call.ints("dim")) {
    const auto dim = requireDim(call, d.constant().value(), x);
    if (!dim) return;
    gone[*dim] = true;
  }
  Shape out;
  for (size_t i = 0; i < x.size(); ++i)
    if (!gone[i] || call.flag("keepdim")) out.push_back(gone[i] ? Dim(1) : x[i]);
  call.result({call.tensor("self").dtype, out});
}

}  // namespace

std::vector<OpInfo> pooling() {
  return {
      row("aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor", adaptiveAvgPool2d),
      row("aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, "
          "bool count_include_pad=True, int? divisor_override=None) -> Tensor",
          avgPool2d),
      row("aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, "
          "bool ceil_mode=False) -> Tensor",
          maxPool2d),
      row("aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
          meanOfDims)};
}

}  // namespace netwright::program::ops
