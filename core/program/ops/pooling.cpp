// SPDX-License-Identifier: Apache-2.0
// Pooling over sliding windows.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void maxPool2d(OpCall& call) {
  if (!requireRank(call, "self", 3, 4, "N, C, H, W")) return;
  const Shape& x = call.shape("self");
  const Shape kernel = call.ints("kernel_size"), stride = call.ints("stride").empty() ? kernel : call.ints("stride");
  std::vector<Window> ws;
  for (size_t i = 0; i < 2; ++i) {
    ws.push_back({entry(kernel, i), entry(stride, i), entry(call.ints("padding"), i), entry(call.ints("dilation"), i),
                  call.flag("ceil_mode")});
    if (ws.back().padding > ws.back().kernel / 2)
      return call.fail("NW-P004", {{"padding", std::to_string(ws.back().padding)},
                                   {"kernel", std::to_string(ws.back().kernel)},
                                   {"limit", std::to_string(ws.back().kernel / 2)}});
  }
  Shape out(x.begin(), x.end() - 2);
  if (windows(call, x, ws, out)) call.result({call.tensor("self").dtype, out});
}

}  // namespace

std::vector<OpInfo> pooling() {
  return {
      row("aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, "
          "bool ceil_mode=False) -> Tensor",
          maxPool2d)};
}

}  // namespace netwright::program::ops
