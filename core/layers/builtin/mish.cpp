// SPDX-License-Identifier: Apache-2.0
// Mish: y = x · tanh(log(1 + exp x)). Any shape. Misra 2019, arXiv:1908.08681. PyTorch: nn.Mish.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("mish", {l.input("x").id})); }

}  // namespace

LayerSpec mish() {
  return LayerSpec{"mish", "Mish", Category::Activation}
      .describe("A smooth relative of ReLU that lets small negative values through.", "y = x · tanh(log(1 + exp x))")
      .torch("nn.Mish")
      .keras("activations.mish")
      .named("mish")
      .alias({"smooth", "activation"})
      .describedIn("Misra 2019, arXiv:1908.08681")
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
