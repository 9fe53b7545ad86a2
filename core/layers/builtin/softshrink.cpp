// SPDX-License-Identifier: Apache-2.0
// Softshrink: y = x ∓ lambd where |x| > lambd, else 0. Any shape. PyTorch: nn.Softshrink.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("softshrink", {l.input("x").id, l.get<double>("lambd")})); }

}  // namespace

LayerSpec softshrink() {
  return LayerSpec{"softshrink", "Softshrink", Category::Activation}
      .describe("Moves values towards zero by lambd, and to zero where they are nearer.",
                "y = x ∓ lambd where |x| > lambd, else 0")
      .torch("nn.Softshrink")
      .keras("activations.soft_shrink")
      .named("softshrink")
      .alias({"sparse", "denoise", "activation"})
      .param(floatParam("lambd", 0.5).min(0).withDoc("How far values move."))
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
