// SPDX-License-Identifier: Apache-2.0
// Triplet margin: loss = mean of max(0, d(a, p) - d(a, n) + margin). Balntas et al. 2016, Learning local feature
// descriptors with triplets. PyTorch: nn.TripletMarginLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  l.output("loss", l.op("triplet_margin_loss",
                        {l.input("anchor").id, l.input("positive").id, l.input("negative").id, l.get<double>("margin"),
                         l.get<double>("p"), l.get<double>("eps"), l.get<bool>("swap"), reductionOf(l)}));
}

}  // namespace

LayerSpec tripletMargin() {
  return LayerSpec{"triplet_margin", "Triplet margin", Category::Loss}
      .describe("For embeddings: an anchor should be nearer to its like than to an unlike one, by a margin.",
                "loss = mean of max(0, d(a, p) - d(a, n) + margin)")
      .torch("nn.TripletMarginLoss")
      .named("loss")
      .alias({"metric learning", "siamese", "embedding", "face recognition"})
      .describedIn("Balntas et al. 2016, Learning local feature descriptors with triplets")
      .param(floatParam("margin", 1).above(0).withDoc("How much nearer the like one should be."))
      .param(floatParam("p", 2).withDoc("The norm of the distance."))
      .param(floatParam("eps", 1e-6).withDoc("Added to differences, against division by zero."))
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
