// SPDX-License-Identifier: Apache-2.0
// Huber: loss = mean of d² / 2 up to delta, then delta · (|d| - delta / 2). Huber 1964, Robust estimation of a
// location parameter. PyTorch: nn.HuberLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  l.output("loss", l.op("huber_loss", {output.id, target.id, reductionOf(l), l.get<double>("delta")}));
}

}  // namespace

LayerSpec huber() {
  return LayerSpec{"huber", "Huber", Category::Loss}
      .describe("For predicting numbers: squared for small differences, absolute for large ones.",
                "loss = mean of d² / 2 up to delta, then delta · (|d| - delta / 2)")
      .torch("nn.HuberLoss")
      .keras("losses.Huber")
      .named("loss")
      .alias({"smooth l1", "robust", "regression loss"})
      .describedIn("Huber 1964, Robust estimation of a location parameter")
      .param(floatParam("delta", 1).above(0).withDoc("Where the loss turns from squared to absolute.").asMain())
      .param(reductionParam())
      .migrates([](Attributes& params) { params["reduction"] = std::string("mean"); })
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
