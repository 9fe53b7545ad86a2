// SPDX-License-Identifier: Apache-2.0
// Functions of single values, and softmax.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void softmax(OpCall& call) {
  if (requireFloat(call, "self") && requireDim(call, call.integer("dim"), call.shape("self"))) sameAsSelf(call);
}

}  // namespace

std::vector<OpInfo> activation() {
  return {row("aten::gelu(Tensor self, *, str approximate=\"none\") -> Tensor", sameAsFloatSelf),
          row("aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor", sameAsFloatSelf),
          row("aten::relu(Tensor self) -> Tensor", sameAsSelf),
          row("aten::sigmoid(Tensor self) -> Tensor", sameAsFloatSelf),
          row("aten::silu(Tensor self) -> Tensor", sameAsFloatSelf),
          row("aten::tanh(Tensor self) -> Tensor", sameAsFloatSelf),
          row("aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", softmax)};
}

}  // namespace netwright::program::ops
