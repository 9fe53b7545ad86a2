// SPDX-License-Identifier: Apache-2.0
// Dropout: in training each value is zero with probability p, the others are divided by 1 - p. Any shape. PyTorch:
// nn.Dropout. Srivastava et al. 2014.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  l.output("y", l.op("dropout", {l.input("x").id, l.get<double>("p"), program::TrainingFlag{}}));
}

}  // namespace

LayerSpec dropout() {
  return LayerSpec{"dropout", "Dropout", Category::Regularization}
      .describe("Hides random values while training, so that the network does not learn by heart.",
                "y = x · mask / (1 - p)")
      .torch("nn.Dropout")
      .named("dropout")
      .alias({"regularization"})
      .param(floatParam("p", 0.5).min(0).max(1).withDoc("Share of values that are hidden.").asMain())
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
