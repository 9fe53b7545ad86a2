// SPDX-License-Identifier: Apache-2.0
// Bilinear: y_o = x1ᵀ W_o x2 + b_o. x1 (N, *, in1_features), x2 (N, *, in2_features) -> y (N, *, out_features).
// PyTorch: nn.Bilinear.
#include <cmath>

#include "core/layers/weight.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value a = l.input("x1"), b = l.input("x2");
  if (!l.requireRank(a, 2, 8, "N, *, features") || !l.requireRank(b, 2, 8, "N, *, features")) return;
  const int64_t first = l.inferred("in1_features", a.dim(-1), "NW-S003"),
                second = l.inferred("in2_features", b.dim(-1), "NW-S003"), out = l.get<int64_t>("out_features");
  if (!l.diagnostics.empty()) return;
  const Initialiser start = init::fanInUniform(first);  // as PyTorch: by the first input only
  const auto [weight, bias] = weightsOf(l, {{out, first, second}, start, {out}, start});
  l.output("y", l.op("bilinear", {a.id, b.id, weight.id, Lowering::optional(bias)}));
}

}  // namespace

LayerSpec bilinear() {
  return LayerSpec{"bilinear", "Bilinear", Category::Linear}
      .describe("Joins two inputs by products of every pair of their features.", "yₒ = x1ᵀ Wₒ x2 + bₒ")
      .torch("nn.Bilinear", 3)
      .named("bilinear")
      .alias({"two inputs", "interaction", "product"})
      .param(inferredParam("in1_features").withDoc("Features of the first input; told by the wire."))
      .param(inferredParam("in2_features").withDoc("Features of the second input; told by the wire."))
      .param(intParam("out_features", 64).min(1).withDoc("Features of the result.").asMain())
      .param(boolParam("bias", true).withDoc("Learn an offset for each output."))
      .param(parametrizationParam())
      .migrates(addParametrization)
      .input("x1", "(N, *, in1_features)")
      .input("x2", "(N, *, in2_features)")
      .output("y", "(N, *, out_features)")
      .lowering(lower);
}

}  // namespace netwright::layers
