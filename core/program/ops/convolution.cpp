// SPDX-License-Identifier: Apache-2.0
// Convolutions.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void conv2d(OpCall& call) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", 4, 4, "N, C, H, W")) return;
  const Shape &x = call.shape("input"), &w = call.shape("weight");
  const int64_t groups = call.integer("groups");
  if (!call.requireEqual(x[1], w[1] * Dim(groups), "NW-S004",
                         {{"expected", (w[1] * Dim(groups)).text()}, {"received", x[1].text()}}))
    return;
  std::vector<Window> ws;
  for (size_t i = 0; i < 2; ++i)
    ws.push_back({*w[2 + i].constant(), entry(call.ints("stride"), i), entry(call.ints("padding"), i),
                  entry(call.ints("dilation"), i)});
  Shape out{x[0], w[0]};
  if (!windows(call, x, ws, out)) return;
  call.macs = product(out) * product(w, 1);
  call.result({call.tensor("input").dtype, out});
}

}  // namespace

std::vector<OpInfo> convolution() {
  return {
      row("aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], SymInt[2] padding=[0, "
          "0], SymInt[2] dilation=[1, 1], SymInt groups=1) -> Tensor",
          conv2d)};
}

}  // namespace netwright::program::ops
