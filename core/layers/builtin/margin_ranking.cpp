// SPDX-License-Identifier: Apache-2.0
// Margin ranking: loss = mean of max(0, -t · (x1 - x2) + margin). PyTorch: nn.MarginRankingLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  l.output("loss", l.op("margin_ranking_loss", {l.input("input1").id, l.input("input2").id, l.input("target").id,
                                                l.get<double>("margin"), reductionOf(l)}));
}

}  // namespace

LayerSpec marginRanking() {
  return LayerSpec{"margin_ranking", "Margin ranking", Category::Loss}
      .describe("For rankings: which of two scores should be the higher.",
                "loss = mean of max(0, -t · (x1 - x2) + margin)")
      .torch("nn.MarginRankingLoss")
      .named("loss")
      .alias({"ranking", "preference", "pairs"})
      .param(floatParam("margin", 0).withDoc("How far ahead the higher one should be."))
      .param(reductionParam())
      .input("input1", "(N,)")
      .input("input2", "as input1")
      .input("target", "as input1, 1 or -1")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
