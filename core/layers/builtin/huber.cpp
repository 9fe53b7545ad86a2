// SPDX-License-Identifier: Apache-2.0
// Huber: mean of d² / 2 where |d| <= delta, else delta (|d| - delta / 2), d = input - target.
// input and target alike; a target (N) is read as (N, 1) where the output is (N, 1), and the other way round.
// PyTorch: nn.HuberLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  l.output("loss", l.op("huber_loss", {output.id, target.id, Dim(kMeanReduction), l.get<double>("delta")}));
}

}  // namespace

LayerSpec huber() {
  return LayerSpec{"huber", "Huber", Category::Loss}
      .describe("For predicting numbers: squared for small differences, absolute for large ones.",
                "loss = mean of d² / 2 up to delta, then delta · (|d| - delta / 2)")
      .torch("nn.HuberLoss")
      .named("loss")
      .alias({"smooth l1", "robust", "regression loss"})
      .param(floatParam("delta", 1).above(0).withDoc("Where the loss turns from squared to absolute.").asMain())
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
