// SPDX-License-Identifier: Apache-2.0
// L1: mean of |input - target|. input and target alike; a target (N) is read as (N, 1) where the
// output is (N, 1), and the other way round. PyTorch: nn.L1Loss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  l.output("loss", l.op("l1_loss", {output.id, target.id, Dim(kMeanReduction)}));
}

}  // namespace

LayerSpec l1() {
  return LayerSpec{"l1", "Mean absolute error", Category::Loss}
      .describe("For predicting numbers where a few samples may be far off: the mean of the differences.",
                "loss = mean |input - target|")
      .torch("nn.L1Loss")
      .named("loss")
      .alias({"mae", "absolute error", "regression loss", "mean absolute error"})
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
