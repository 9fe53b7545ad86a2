// SPDX-License-Identifier: Apache-2.0
// Softsign: y = x / (1 + |x|). Any shape. PyTorch: nn.Softsign.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  l.output("y", l.op("div.Tensor", {x.id, l.op("add.Scalar", {l.op("abs", {x.id}).id, Dim(1)}).id}));
}

}  // namespace

LayerSpec softsign() {
  return LayerSpec{"softsign", "Softsign", Category::Activation}
      .describe("Squashes values between -1 and 1, more slowly than tanh.", "y = x / (1 + |x|)")
      .torch("nn.Softsign")
      .keras("activations.softsign")
      .named("softsign")
      .alias({"squash", "activation"})
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
