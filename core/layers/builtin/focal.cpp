// SPDX-License-Identifier: Apache-2.0
// Focal: loss = mean of -α (1 - p)ᵞ log p. Lin et al. 2017, arXiv:1708.02002. PyTorch has no module for it.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

// α (1 - p)^γ of the binary cross entropy, p the probability of the right answer.
void lower(Lowering& l) {
  const Value x = l.input("input"), target = alignedTarget(l, x, l.input("target"));
  const Value entropy = l.op("binary_cross_entropy_with_logits", {x.id, target.id, None{}, None{}, Dim(0)});
  const Value right = l.op("exp", {l.op("neg", {entropy.id}).id});
  const Value hard = l.op("pow.Tensor_Scalar", {l.op("rsub.Scalar", {right.id, Dim(1)}).id, l.get<double>("gamma")});
  Value each = l.op("mul.Tensor", {hard.id, entropy.id});
  const double alpha = l.get<double>("alpha");
  if (alpha >= 0) {
    // α where the target is 1, 1 - α where it is 0
    const Value share = l.op("add.Scalar", {l.op("mul.Scalar", {target.id, 2 * alpha - 1}).id, 1 - alpha});
    each = l.op("mul.Tensor", {share.id, each.id});
  }
  l.output("loss", reducedLoss(l, each));
}

}  // namespace

LayerSpec focal() {
  return LayerSpec{"focal", "Focal", Category::Loss}
      .describe("For yes-or-no questions with few yeses: what is answered well already counts little. Takes scores.",
                "loss = mean of -α (1 - p)ᵞ log p")
      .keras("losses.BinaryFocalCrossentropy")
      .named("loss")
      .alias({"imbalanced", "detection", "retinanet"})
      .describedIn("Lin et al. 2017, arXiv:1708.02002")
      .param(floatParam("alpha", 0.25).max(1).withDoc("Weight of a yes; a no has 1 - alpha; below 0: both 1."))
      .param(
          floatParam("gamma", 2).min(0).withDoc("How strongly easy samples are played down; 0 is the cross entropy."))
      .param(reductionParam())
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
