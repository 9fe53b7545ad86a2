// SPDX-License-Identifier: Apache-2.0
// BCE: loss = mean -(t log x + (1 - t) log(1 - x)). PyTorch: nn.BCELoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  l.output("loss", l.op("binary_cross_entropy", {output.id, target.id, weightsOf(l, "weight"), reductionOf(l)}));
}

}  // namespace

LayerSpec bce() {
  return LayerSpec{"bce", "BCE", Category::Loss}
      .describe("For yes-or-no questions with a network that ends in a Sigmoid: takes probabilities.",
                "loss = mean -(t log x + (1 - t) log(1 - x))")
      .torch("nn.BCELoss")
      .keras("losses.BinaryCrossentropy")
      .named("loss")
      .alias({"binary cross entropy", "multi-label loss"})
      .param(floatListParam("weight", {})
                 .min(0)
                 .withDoc("How much each value counts, one number for each of the last dimension; empty: all alike."))
      .param(reductionParam())
      .input("input", "any, between 0 and 1")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
