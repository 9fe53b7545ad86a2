// SPDX-License-Identifier: Apache-2.0
// Products with matrices.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void linear(OpCall& call) {
  if (!requireFloat(call, "input") || !requireRank(call, "weight", 2, 2, "out_features, in_features")) return;
  if (call.shape("input").empty())
    return call.fail("NW-S001", {{"expected", "1 or more"}, {"form", "N, features"}, {"shape", "()"}});
  const Shape &x = call.shape("input"), &w = call.shape("weight");
  if (!call.requireEqual(x.back(), w[1], "NW-S003", {{"expected", w[1].text()}, {"received", x.back().text()}})) return;
  if (!requireBias(call, w[0])) return;
  Shape out = x;
  out.back() = w[0];
  call.macs = product(out) * w[1];
  call.result({call.tensor("input").dtype, out});
}

}  // namespace

std::vector<OpInfo> linear() {
  return {row("aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor", linear)};
}

}  // namespace netwright::program::ops
