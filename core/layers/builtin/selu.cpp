// SPDX-License-Identifier: Apache-2.0
// SELU: y = 1.0507 · (x for x > 0, else 1.6733 · (exp x - 1)). Any shape. Klambauer et al. 2017, arXiv:1706.02515.
// PyTorch: nn.SELU.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("selu", {l.input("x").id})); }

}  // namespace

LayerSpec selu() {
  return LayerSpec{"selu", "SELU", Category::Activation}
      .describe("Scales itself: deep networks of it keep mean 0 and variance 1 without a normalization.",
                "y = 1.0507 · (x for x > 0, else 1.6733 · (exp x - 1))")
      .torch("nn.SELU")
      .keras("activations.selu")
      .named("selu")
      .alias({"self-normalizing", "activation"})
      .describedIn("Klambauer et al. 2017, arXiv:1706.02515")
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
