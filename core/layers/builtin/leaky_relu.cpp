// SPDX-License-Identifier: Apache-2.0
// LeakyReLU: y = x where x > 0, else negative_slope x. Any shape. PyTorch: nn.LeakyReLU.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("leaky_relu", {l.input("x").id, l.get<double>("negative_slope")})); }

}  // namespace

LayerSpec leakyRelu() {
  return LayerSpec{"leaky_relu", "LeakyReLU", Category::Activation}
      .describe("Keeps what is positive and shrinks the rest, so that no unit stops learning.",
                "y = max(x, 0) + negative_slope · min(x, 0)")
      .torch("nn.LeakyReLU")
      .keras("layers.LeakyReLU")
      .named("leaky")
      .alias({"leaky rectifier", "lrelu", "activation"})
      .param(floatParam("negative_slope", 0.01).withDoc("Slope of the line for negative values.").asMain())
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
