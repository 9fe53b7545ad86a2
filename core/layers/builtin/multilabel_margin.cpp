// SPDX-License-Identifier: Apache-2.0
// Multilabel margin: loss = Σ over own and other classes of max(0, 1 - x[own] + x[other]) / C. PyTorch:
// nn.MultiLabelMarginLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value scores = l.input("input"), target = l.input("target");
  const Value loss = l.op("multilabel_margin_loss", {scores.id, target.id, reductionOf(l)});
  constexpr int64_t kEnd = -1;  // ends the list of a sample's classes
  if (loss) l.guardIndex(target, scores.dim(-1), kEnd);
  l.output("loss", loss);
}

}  // namespace

LayerSpec multilabelMargin() {
  return LayerSpec{"multilabel_margin", "Multilabel margin", Category::Loss}
      .describe("For samples with several classes: each of them should be ahead of all others by 1.",
                "loss = Σ over own and other classes of max(0, 1 - x[own] + x[other]) / C")
      .torch("nn.MultiLabelMarginLoss")
      .named("loss")
      .alias({"multi-label", "hinge loss"})
      .param(reductionParam())
      .input("input", "(N, C)")
      .input("target", "int64 (N, C), -1 ends the list")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
