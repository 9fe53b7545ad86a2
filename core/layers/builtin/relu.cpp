// SPDX-License-Identifier: Apache-2.0
// ReLU: y = max(x, 0). Any shape. PyTorch: nn.ReLU.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("relu", {l.input("x").id})); }

}  // namespace

LayerSpec relu() {
  return LayerSpec{"relu", "ReLU", Category::Activation}
      .describe("Keeps what is positive and turns the rest to zero.", "y = max(x, 0)")
      .torch("nn.ReLU")
      .keras("layers.ReLU")
      .named("relu")
      .alias({"rectifier", "activation", "nonlinearity"})
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
