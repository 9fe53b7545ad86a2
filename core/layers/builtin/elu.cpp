// SPDX-License-Identifier: Apache-2.0
// ELU: y = x for x > 0, else alpha · (exp x - 1). Any shape. Clevert et al. 2015, arXiv:1511.07289. PyTorch: nn.ELU.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("elu", {l.input("x").id, l.get<double>("alpha"), 1.0, 1.0})); }

}  // namespace

LayerSpec elu() {
  return LayerSpec{"elu", "ELU", Category::Activation}
      .describe("As ReLU for positive values; negative ones level off smoothly at -alpha.",
                "y = x for x > 0, else alpha · (exp x - 1)")
      .torch("nn.ELU")
      .keras("layers.ELU")
      .named("elu")
      .alias({"exponential linear unit", "smooth", "activation"})
      .describedIn("Clevert et al. 2015, arXiv:1511.07289")
      .param(floatParam("alpha", 1).withDoc("Where the negative side levels off."))
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
