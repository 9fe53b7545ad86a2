// SPDX-License-Identifier: Apache-2.0
// Triplet margin with distance: loss = mean of max(0, d(a, p) - d(a, n) + margin). PyTorch:
// nn.TripletMarginWithDistanceLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

Value distance(Lowering& l, const Value& a, const Value& b) {
  if (l.get<std::string>("distance_function") == "pairwise") return l.op("pairwise_distance", {a.id, b.id});
  return l.op("rsub.Scalar", {l.op("cosine_similarity", {a.id, b.id, Dim(-1)}).id, Dim(1)});
}

void lower(Lowering& l) {
  const Value anchor = l.input("anchor"), like = l.input("positive"), unlike = l.input("negative");
  const Value near = distance(l, anchor, like);
  Value far = distance(l, anchor, unlike);
  if (l.get<bool>("swap")) far = l.op("minimum", {far.id, distance(l, like, unlike).id});
  const Value gap = l.op("add.Scalar", {l.op("sub.Tensor", {near.id, far.id}).id, l.get<double>("margin")});
  l.output("loss", reducedLoss(l, l.op("clamp", {gap.id, Dim(0)})));
}

}  // namespace

LayerSpec tripletMarginWithDistance() {
  return LayerSpec{"triplet_margin_with_distance", "Triplet margin with distance", Category::Loss}
      .describe("A triplet margin loss with a choice of distances.",
                "loss = mean of max(0, d(a, p) - d(a, n) + margin)")
      .torch("nn.TripletMarginWithDistanceLoss")
      .named("loss")
      .alias({"metric learning", "siamese", "embedding"})
      .param(choiceParam("distance_function", {"pairwise", "cosine"})
                 .withDoc("pairwise: the distance of the vectors; cosine: 1 - the cosine of their angle."))
      .param(floatParam("margin", 1).above(0).withDoc("How much nearer the like one should be."))
      .param(
          boolParam("swap", false).withDoc("Use the distance between the like and the unlike one where it is smaller."))
      .param(reductionParam())
      .input("anchor", "(N, D)")
      .input("positive", "(N, D)")
      .input("negative", "(N, D)")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
