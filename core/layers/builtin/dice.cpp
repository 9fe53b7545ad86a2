// SPDX-License-Identifier: Apache-2.0
// Dice: loss = 1 - (2 Σ σ(x) t + smooth) / (Σ σ(x) + Σ t + smooth). Milletari et al. 2016, arXiv:1606.04797. PyTorch
// has no module for it.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("input"), target = alignedTarget(l, x, l.input("target"));
  if (!l.requireRank(x, 2, 8, "N, *")) return;
  if (!l.check(x.type().shape == target.type().shape, "NW-S027", "",
               {{"outputs", program::text(x.type().shape)}, {"targets", program::text(target.type().shape)}}))
    return;
  const auto summed = [&](const Value& v) {
    return l.op("sum.dim_IntList", {l.op("flatten.using_ints", {v.id, Dim(1), Dim(-1)}).id, Shape{Dim(1)}});
  };
  const double smooth = l.get<double>("smooth");
  const Value chance = l.op("sigmoid", {x.id});
  const Value both = l.op("mul.Scalar", {summed(l.op("mul.Tensor", {chance.id, target.id})).id, 2.0});
  const Value all = l.op("add.Tensor", {summed(chance).id, summed(target).id});
  const Value ratio =
      l.op("div.Tensor", {l.op("add.Scalar", {both.id, smooth}).id, l.op("add.Scalar", {all.id, smooth}).id});
  l.output("loss", reducedLoss(l, l.op("rsub.Scalar", {ratio.id, Dim(1)})));
}

}  // namespace

LayerSpec dice() {
  return LayerSpec{"dice", "Dice", Category::Loss}
      .describe("For segmentation: how little two areas overlap. Takes scores, not probabilities.",
                "loss = 1 - (2 Σ σ(x) t + smooth) / (Σ σ(x) + Σ t + smooth)")
      .keras("losses.Dice")
      .named("loss")
      .alias({"segmentation", "overlap", "f1", "sorensen"})
      .describedIn("Milletari et al. 2016, arXiv:1606.04797")
      .param(floatParam("smooth", 1).min(0).withDoc("Added above and below, so that empty areas have a loss."))
      .param(reductionParam())
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
