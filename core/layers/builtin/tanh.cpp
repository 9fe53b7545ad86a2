// SPDX-License-Identifier: Apache-2.0
// Tanh: y = (exp(x) - exp(-x)) / (exp(x) + exp(-x)). Any shape. PyTorch: nn.Tanh.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("tanh", {l.input("x").id})); }

}  // namespace

LayerSpec tanh() {
  return LayerSpec{"tanh", "Tanh", Category::Activation}
      .describe("Squeezes every value between -1 and 1.", "y = tanh x")
      .torch("nn.Tanh")
      .keras("activations.tanh")
      .named("tanh")
      .alias({"hyperbolic tangent", "activation"})
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
