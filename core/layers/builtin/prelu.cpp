// SPDX-License-Identifier: Apache-2.0
// PReLU: y = x for x ≥ 0, else weight · x. Any shape. He et al. 2015, arXiv:1502.01852. PyTorch: nn.PReLU.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value weight = l.parameter("weight", {l.get<int64_t>("num_parameters")}, init::fill(l.get<double>("init")));
  l.output("y", l.op("prelu", {l.input("x").id, weight.id}));
}

}  // namespace

LayerSpec prelu() {
  return LayerSpec{"prelu", "PReLU", Category::Activation}
      .describe("A LeakyReLU whose slope is learned, one for all or one for each channel.",
                "y = x for x ≥ 0, else weight · x")
      .torch("nn.PReLU")
      .keras("layers.PReLU")
      .named("prelu")
      .alias({"learned slope", "leaky", "activation"})
      .describedIn("He et al. 2015, arXiv:1502.01852")
      .param(intParam("num_parameters", 1)
                 .min(1)
                 .withDoc("1: one slope for all; the number of channels: one for each.")
                 .asMain())
      .param(floatParam("init", 0.25).withDoc("The slope at the start."))
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
