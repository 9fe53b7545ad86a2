// SPDX-License-Identifier: Apache-2.0
// Mean squared error: loss = mean of (input - target)². PyTorch: nn.MSELoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  l.output("loss", l.op("mse_loss", {output.id, target.id, reductionOf(l)}));
}

}  // namespace

LayerSpec mse() {
  return LayerSpec{"mse", "Mean squared error", Category::Loss}
      .describe("For predicting numbers: large mistakes count much more than small ones.",
                "loss = mean of (input - target)²")
      .torch("nn.MSELoss")
      .keras("losses.MeanSquaredError")
      .named("loss")
      .alias({"l2", "squared error", "regression loss"})
      .param(reductionParam())
      .migrates([](Attributes& params) { params["reduction"] = std::string("mean"); })
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
