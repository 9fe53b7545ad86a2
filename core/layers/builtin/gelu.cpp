// SPDX-License-Identifier: Apache-2.0
// GELU: y = x Φ(x), Φ the distribution function of the normal distribution. Any shape. Hendrycks and Gimpel 2016,
// arXiv:1606.08415. PyTorch: nn.GELU.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("gelu", {l.input("x").id, l.get<std::string>("approximate")})); }

}  // namespace

LayerSpec gelu() {
  return LayerSpec{"gelu", "GELU", Category::Activation}
      .describe("A smooth relative of ReLU; the activation of most transformers.", "y = x · Φ(x)")
      .torch("nn.GELU")
      .keras("activations.gelu")
      .named("gelu")
      .alias({"gaussian error linear unit", "activation"})
      .param(choiceParam("approximate", {"none", "tanh"})
                 .withDoc("none: exact; tanh: the faster formula that some published networks were trained with."))
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
