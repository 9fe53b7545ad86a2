// SPDX-License-Identifier: Apache-2.0
// Multi margin: loss = Σ over other classes of max(0, margin - x[t] + x[i])ᵖ / C. PyTorch: nn.MultiMarginLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value scores = l.input("input"), target = l.input("target");
  const Value loss = l.op("multi_margin_loss", {scores.id, target.id, Dim(l.get<int64_t>("p")), l.get<double>("margin"),
                                                weightsOf(l, "weight"), reductionOf(l)});
  constexpr int64_t kNothingIgnored = 0;  // a legal class anyway
  if (loss) l.guardIndex(target, scores.dim(-1), kNothingIgnored);
  l.output("loss", loss);
}

}  // namespace

LayerSpec multiMargin() {
  return LayerSpec{"multi_margin", "Multi margin", Category::Loss}
      .describe("For classification: the right class should be ahead of all others by a margin.",
                "loss = Σ over other classes of max(0, margin - x[t] + x[i])ᵖ / C")
      .torch("nn.MultiMarginLoss")
      .keras("losses.CategoricalHinge")
      .named("loss")
      .alias({"hinge loss", "svm", "classification loss"})
      .param(intParam("p", 1).min(1).max(2).withDoc("1 or 2: the power."))
      .param(floatParam("margin", 1).withDoc("How far ahead the right class should be."))
      .param(floatListParam("weight", {})
                 .min(0)
                 .withDoc("How much each class counts, one number for each; empty: all alike."))
      .param(reductionParam())
      .input("input", "(N, C)")
      .input("target", "int64 (N,)")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
