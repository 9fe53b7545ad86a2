// SPDX-License-Identifier: Apache-2.0
// CELU: y = max(0, x) + min(0, alpha · (exp(x / alpha) - 1)). Any shape. Barron 2017, arXiv:1704.07483. PyTorch:
// nn.CELU.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("celu", {l.input("x").id, l.get<double>("alpha")})); }

}  // namespace

LayerSpec celu() {
  return LayerSpec{"celu", "CELU", Category::Activation}
      .describe("A smooth relative of ELU whose slope has no jump for any alpha.",
                "y = max(0, x) + min(0, alpha · (exp(x / alpha) - 1))")
      .torch("nn.CELU")
      .keras("activations.celu")
      .named("celu")
      .alias({"smooth", "activation"})
      .describedIn("Barron 2017, arXiv:1704.07483")
      .param(floatParam("alpha", 1).withDoc("Where the negative side levels off."))
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
