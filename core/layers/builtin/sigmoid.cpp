// SPDX-License-Identifier: Apache-2.0
// Sigmoid: y = 1 / (1 + exp(-x)). Any shape. PyTorch: nn.Sigmoid.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("sigmoid", {l.input("x").id})); }

}  // namespace

LayerSpec sigmoid() {
  return LayerSpec{"sigmoid", "Sigmoid", Category::Activation}
      .describe("Squeezes every value between 0 and 1. Leave it out before a BCE with logits loss, which contains it.",
                "y = 1 / (1 + exp(-x))")
      .torch("nn.Sigmoid")
      .keras("activations.sigmoid")
      .named("sigmoid")
      .alias({"logistic", "probability", "activation"})
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
