// SPDX-License-Identifier: Apache-2.0
// SiLU: y = x / (1 + exp(-x)). Any shape. PyTorch: nn.SiLU.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("silu", {l.input("x").id})); }

}  // namespace

LayerSpec silu() {
  return LayerSpec{"silu", "SiLU", Category::Activation}
      .describe("A smooth relative of ReLU that lets small negative values through.", "y = x · sigmoid(x)")
      .torch("nn.SiLU")
      .keras("activations.silu")
      .named("silu")
      .alias({"swish", "sigmoid linear unit", "activation"})
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
