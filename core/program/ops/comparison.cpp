// SPDX-License-Identifier: Apache-2.0
// Yes or no for each value.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void each(OpCall& call) { call.result({DType::Bool, call.shape("self")}); }
void both(OpCall& call) {
  if (auto out = broadcastOf(call, "self", "other")) call.result({DType::Bool, std::move(*out)});
}

}  // namespace

std::vector<OpInfo> comparison() {
  std::vector<OpInfo> rows{row("aten::eq.Scalar(Tensor self, Scalar other) -> Tensor", each),
                           row("aten::eq.Tensor(Tensor self, Tensor other) -> Tensor", both),
                           row("aten::ge.Scalar(Tensor self, Scalar other) -> Tensor", each),
                           row("aten::ge.Tensor(Tensor self, Tensor other) -> Tensor", both),
                           row("aten::gt.Scalar(Tensor self, Scalar other) -> Tensor", each),
                           row("aten::gt.Tensor(Tensor self, Tensor other) -> Tensor", both),
                           row("aten::isfinite(Tensor self) -> Tensor", each),
                           row("aten::isinf(Tensor self) -> Tensor", each),
                           row("aten::isnan(Tensor self) -> Tensor", each),
                           row("aten::le.Scalar(Tensor self, Scalar other) -> Tensor", each),
                           row("aten::le.Tensor(Tensor self, Tensor other) -> Tensor", both),
                           row("aten::logical_and(Tensor self, Tensor other) -> Tensor", both),
                           row("aten::logical_not(Tensor self) -> Tensor", each),
                           row("aten::logical_or(Tensor self, Tensor other) -> Tensor", both),
                           row("aten::logical_xor(Tensor self, Tensor other) -> Tensor", both),
                           row("aten::lt.Scalar(Tensor self, Scalar other) -> Tensor", each),
                           row("aten::lt.Tensor(Tensor self, Tensor other) -> Tensor", both),
                           row("aten::ne.Scalar(Tensor self, Scalar other) -> Tensor", each),
                           row("aten::ne.Tensor(Tensor self, Tensor other) -> Tensor", both)};
  for (OpInfo& info : rows) info.differentiable = false;
  return rows;
}

}  // namespace netwright::program::ops
