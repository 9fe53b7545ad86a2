// SPDX-License-Identifier: Apache-2.0
// ResidualLinear: y = x + relu(x Wᵀ + b), a linear layer with a shortcut around it. x (N, *, in_features) -> y as x.
// He et al. 2015, arXiv:1512.03385. PyTorch has no such module.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 8, "N, features")) return;
  const int64_t features = l.inferred("in_features", x.dim(-1), "NW-S003");
  const Value weight = l.parameter("weight", {features, features}, init::kaimingUniform(features));
  const Value bias = l.parameterIf("bias", "bias", {features}, init::fanInUniform(features));
  const Value change = l.op("relu", {l.op("linear", {x.id, weight.id, Lowering::optional(bias)}).id});
  l.output("y", l.op("add.Tensor", {x.id, change.id}));
}

}  // namespace

LayerSpec residualLinear() {
  return LayerSpec{"residual_linear", "ResidualLinear", Category::Linear}
      .describe("Adds what a linear layer has found to what came in.", "y = x + max(x Wᵀ + b, 0)")
      .named("residual")
      .alias({"shortcut", "skip connection", "resnet"})
      .param(inferredParam("in_features").withDoc("Features of each sample; told by the wire."))
      .param(boolParam("bias", true).withDoc("Learn an offset for each feature."))
      .input("x", "(N, *, in_features)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
