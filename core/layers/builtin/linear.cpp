// SPDX-License-Identifier: Apache-2.0
// Linear: y = x W^T + b. x (*, in_features) -> y (*, out_features). PyTorch: nn.Linear.
#include "core/layers/weight.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 1, 8, "N, features")) return;
  const int64_t in = l.inferred("in_features", x.dim(-1), "NW-S003"), out = l.get<int64_t>("out_features");
  const auto [weight, bias] = weightsOf(l, {{out, in}, init::kaimingUniform(in), {out}, init::fanInUniform(in)});
  l.output("y", l.op("linear", {x.id, weight.id, Lowering::optional(bias)}));
}

}  // namespace

LayerSpec linear() {
  return LayerSpec{"linear", "Linear", Category::Linear}
      .describe("Every output is a weighted sum of all inputs: a fully connected layer.", "y = x Wᵀ + b")
      .torch("nn.Linear", 2)
      .keras("layers.Dense")
      .named("fc")
      .alias({"dense", "fully connected", "fc", "affine", "gemm"})
      .param(inferredParam("in_features").withDoc("Features of each sample; told by the wire."))
      .param(intParam("out_features", 128).min(1).withDoc("How many features come out.").asMain())
      .param(boolParam("bias", true).withDoc("Learn an offset for each output."))
      .param(parametrizationParam())
      .migrates(addParametrization)
      .input("x", "(*, in_features)")
      .output("y", "(*, out_features)")
      .lowering(lower);
}

}  // namespace netwright::layers
