// SPDX-License-Identifier: Apache-2.0
// Contrastive: loss = mean of (t d² + (1 - t) max(0, margin - d)²) / 2. Hadsell et al. 2006, Dimensionality reduction
// by learning an invariant mapping. PyTorch has no module for it.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value target = l.input("target"), distance = l.op("pairwise_distance", {l.input("x1").id, l.input("x2").id});
  const Value near = l.op("mul.Tensor", {target.id, l.op("square", {distance.id}).id});
  const Value gap = l.op("clamp", {l.op("rsub.Scalar", {distance.id, l.get<double>("margin")}).id, Dim(0)});
  const Value far = l.op("mul.Tensor", {l.op("rsub.Scalar", {target.id, Dim(1)}).id, l.op("square", {gap.id}).id});
  l.output("loss", reducedLoss(l, l.op("mul.Scalar", {l.op("add.Tensor", {near.id, far.id}).id, 0.5})));
}

}  // namespace

LayerSpec contrastive() {
  return LayerSpec{"contrastive", "Contrastive", Category::Loss}
      .describe("For pairs of vectors: near each other where the target is 1, at least margin apart where it is 0.",
                "loss = mean of (t d² + (1 - t) max(0, margin - d)²) / 2")
      .named("loss")
      .alias({"siamese", "metric learning", "pairs"})
      .describedIn("Hadsell et al. 2006, Dimensionality reduction by learning an invariant mapping")
      .param(floatParam("margin", 1).above(0).withDoc("How far apart unlike pairs should be."))
      .param(reductionParam())
      .input("x1", "(N, D)")
      .input("x2", "(N, D)")
      .input("target", "float (N,), 1 alike, 0 not")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
