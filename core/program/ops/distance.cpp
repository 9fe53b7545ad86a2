// SPDX-License-Identifier: Apache-2.0
// How far apart or how alike vectors are.
#include "core/program/promotion.h"
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

std::optional<Shape> together(OpCall& call) {
  if (!requireFloat(call, "x1") || !requireFloat(call, "x2")) return std::nullopt;
  return broadcastOf(call, "x1", "x2");
}

void cosine(OpCall& call) {
  const auto shape = together(call);
  const auto dim = shape ? requireDim(call, call.integer("dim"), *shape) : std::nullopt;
  if (!dim) return;
  std::vector<bool> gone(shape->size(), false);
  gone[*dim] = true;
  call.result({promoted(call.tensor("x1"), call.tensor("x2")), reduced(*shape, gone, false)});
}

void pairwise(OpCall& call) {
  const auto shape = together(call);
  if (!shape) return;
  if (shape->empty())
    return call.fail("NW-S001", {{"expected", "1 or more"}, {"form", "N, features"}, {"shape", "()"}});
  std::vector<bool> gone(shape->size(), false);
  gone.back() = true;
  call.result({promoted(call.tensor("x1"), call.tensor("x2")), reduced(*shape, gone, call.flag("keepdim"))});
}

}  // namespace

std::vector<OpInfo> distance() {
  return {row("aten::cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor", cosine),
          row("aten::pairwise_distance(Tensor x1, Tensor x2, float p=2., float eps=9.9999999999999995e-07, bool "
              "keepdim=False) -> Tensor",
              pairwise)};
}

}  // namespace netwright::program::ops
