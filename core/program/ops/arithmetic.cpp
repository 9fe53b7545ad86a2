// SPDX-License-Identifier: Apache-2.0
// Arithmetic of tensors.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void add(OpCall& call) {
  if (call.tensor("self").dtype != call.tensor("other").dtype)
    return call.fail("NW-S007",
                     {{"expected", name(call.tensor("self").dtype)}, {"received", name(call.tensor("other").dtype)}});
  if (auto out = broadcast(call, call.shape("self"), call.shape("other"), "NW-S005"))
    call.result({call.tensor("self").dtype, std::move(*out)});
}

}  // namespace

std::vector<OpInfo> arithmetic() {
  OpInfo count = row("aten::add_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)", sameAsSelf);
  count.mutates = {"self"};
  count.differentiable = false;
  return {row("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", add), count};
}

}  // namespace netwright::program::ops
