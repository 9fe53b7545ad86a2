// SPDX-License-Identifier: Apache-2.0
// MSE: mean of (input - target)². input and target alike; a target (N) is read as (N, 1) where the
// output is (N, 1), and the other way round. PyTorch: nn.MSELoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  l.output("loss", l.op("mse_loss", {output.id, target.id, Dim(kMeanReduction)}));
}

}  // namespace

LayerSpec mse() {
  return LayerSpec{"mse", "Mean squared error", Category::Loss}
      .describe("For predicting numbers: the mean of the squared differences.", "loss = mean (input - target)²")
      .torch("nn.MSELoss")
      .named("loss")
      .alias({"l2", "squared error", "regression loss", "mean squared error"})
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
