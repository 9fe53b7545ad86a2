// SPDX-License-Identifier: Apache-2.0
// Soft margin: loss = mean of log(1 + exp(-t x)). PyTorch: nn.SoftMarginLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  const Value fixed = l.op("detach", {target.id});  // the kernel has no gradient for it
  l.output("loss", l.op("soft_margin_loss", {output.id, fixed.id, reductionOf(l)}));
}

}  // namespace

LayerSpec softMargin() {
  return LayerSpec{"soft_margin", "Soft margin", Category::Loss}
      .describe("For yes-or-no questions with targets 1 and -1.", "loss = mean of log(1 + exp(-t x))")
      .torch("nn.SoftMarginLoss")
      .named("loss")
      .alias({"logistic loss"})
      .param(reductionParam())
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
