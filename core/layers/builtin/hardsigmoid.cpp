// SPDX-License-Identifier: Apache-2.0
// Hardsigmoid: y = min(max(x + 3, 0), 6) / 6. Any shape. Howard et al. 2019, arXiv:1905.02244. PyTorch:
// nn.Hardsigmoid.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("hardsigmoid", {l.input("x").id})); }

}  // namespace

LayerSpec hardsigmoid() {
  return LayerSpec{"hardsigmoid", "Hardsigmoid", Category::Activation}
      .describe("A sigmoid of straight lines: cheap to compute.", "y = min(max(x + 3, 0), 6) / 6")
      .torch("nn.Hardsigmoid")
      .keras("activations.hard_sigmoid")
      .named("hardsigmoid")
      .alias({"gate", "activation"})
      .describedIn("Howard et al. 2019, arXiv:1905.02244")
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
