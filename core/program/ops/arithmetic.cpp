// SPDX-License-Identifier: Apache-2.0
// Arithmetic of tensors.
#include "core/program/promotion.h"
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

// Sizes broadcast, types are promoted. `code` explains sizes that do not fit.
void binary(OpCall& call, const char* code) {
  if (auto out = broadcast(call, call.shape("self"), call.shape("other"), code))
    call.result({promoted(call.tensor("self"), call.tensor("other")), std::move(*out)});
}
void add(OpCall& call) { binary(call, "NW-S005"); }
void multiply(OpCall& call) { binary(call, "NW-S021"); }

}  // namespace

std::vector<OpInfo> arithmetic() {
  OpInfo count = row("aten::add_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)", sameAsSelf);
  count.mutates = {"self"};
  count.differentiable = false;
  return {row("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", add), count,
          row("aten::mul.Tensor(Tensor self, Tensor other) -> Tensor", multiply)};
}

}  // namespace netwright::program::ops
