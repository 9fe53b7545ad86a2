// SPDX-License-Identifier: Apache-2.0
// Smooth L1: loss = mean of d² / (2 beta) up to beta, then |d| - beta / 2. Girshick 2015, arXiv:1504.08083. PyTorch:
// nn.SmoothL1Loss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  l.output("loss", l.op("smooth_l1_loss", {output.id, target.id, reductionOf(l), l.get<double>("beta")}));
}

}  // namespace

LayerSpec smoothL1() {
  return LayerSpec{"smooth_l1", "Smooth L1", Category::Loss}
      .describe("For predicting numbers: a Huber loss divided by beta.",
                "loss = mean of d² / (2 beta) up to beta, then |d| - beta / 2")
      .torch("nn.SmoothL1Loss")
      .named("loss")
      .alias({"huber", "robust", "regression loss", "bounding boxes"})
      .describedIn("Girshick 2015, arXiv:1504.08083")
      .param(floatParam("beta", 1).min(0).withDoc("Where the loss turns from squared to absolute.").asMain())
      .param(reductionParam())
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
