// SPDX-License-Identifier: Apache-2.0
// Softplus: y = log(1 + exp(beta · x)) / beta. Any shape. PyTorch: nn.Softplus.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  l.output("y", l.op("softplus", {l.input("x").id, l.get<double>("beta"), l.get<double>("threshold")}));
}

}  // namespace

LayerSpec softplus() {
  return LayerSpec{"softplus", "Softplus", Category::Activation}
      .describe("A smooth ReLU whose result is always positive.", "y = log(1 + exp(beta · x)) / beta")
      .torch("nn.Softplus")
      .keras("activations.softplus")
      .named("softplus")
      .alias({"smooth relu", "positive", "activation"})
      .param(floatParam("beta", 1).withDoc("How sharp the bend is."))
      .param(floatParam("threshold", 20).withDoc("Where beta · x is larger the result is x itself."))
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
