// SPDX-License-Identifier: Apache-2.0
// Multilabel soft margin: loss = mean over the classes of -(t log σ(x) + (1 - t) log σ(-x)). PyTorch:
// nn.MultiLabelSoftMarginLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("input"), target = l.input("target");
  if (!l.requireRank(x, 2, 2, "N, C")) return;
  // -(t log σ(x) + (1 - t) log σ(-x)), as PyTorch computes it
  const Value yes = l.op("mul.Tensor", {target.id, l.op("log_sigmoid", {x.id}).id});
  const Value rest = l.op("rsub.Scalar", {target.id, Dim(1)});
  const Value no = l.op("mul.Tensor", {rest.id, l.op("log_sigmoid", {l.op("neg", {x.id}).id}).id});
  Value each = l.op("neg", {l.op("add.Tensor", {yes.id, no.id}).id});
  const Argument weights = weightsOf(l, "weight");
  if (!std::holds_alternative<None>(weights)) each = l.op("mul.Tensor", {each.id, weights});
  l.output("loss", reducedLoss(l, l.op("mean.dim", {each.id, Shape{Dim(-1)}})));
}

}  // namespace

LayerSpec multilabelSoftMargin() {
  return LayerSpec{"multilabel_soft_margin", "Multilabel soft margin", Category::Loss}
      .describe("For samples with several classes, each a yes-or-no question of its own.",
                "loss = mean over the classes of -(t log σ(x) + (1 - t) log σ(-x))")
      .torch("nn.MultiLabelSoftMarginLoss")
      .named("loss")
      .alias({"multi-label", "sigmoid"})
      .param(floatListParam("weight", {})
                 .min(0)
                 .withDoc("How much each class counts, one number for each; empty: all alike."))
      .param(reductionParam())
      .input("input", "(N, C)")
      .input("target", "float (N, C)")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
