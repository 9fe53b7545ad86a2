// SPDX-License-Identifier: Apache-2.0
// L1: loss = mean of |input - target|. PyTorch: nn.L1Loss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  l.output("loss", l.op("l1_loss", {output.id, target.id, reductionOf(l)}));
}

}  // namespace

LayerSpec l1() {
  return LayerSpec{"l1", "Mean absolute error", Category::Loss}
      .describe("For predicting numbers: every mistake counts by its size, so that outliers do not rule.",
                "loss = mean of |input - target|")
      .torch("nn.L1Loss")
      .keras("losses.MeanAbsoluteError")
      .named("loss")
      .alias({"mae", "l1", "mean absolute error", "regression loss"})
      .param(reductionParam())
      .migrates([](Attributes& params) { params["reduction"] = std::string("mean"); })
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
