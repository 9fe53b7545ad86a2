// SPDX-License-Identifier: Apache-2.0
// Softmax: y_i = exp(x_i) / sum_j exp(x_j) along dim. Any shape. PyTorch: nn.Softmax.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("softmax.int", {l.input("x").id, Dim(l.get<int64_t>("dim")), None{}})); }

}  // namespace

LayerSpec softmax() {
  return LayerSpec{"softmax", "Softmax", Category::Activation}
      .describe(
          "Turns scores into probabilities that sum to one. Leave it out before a cross-entropy loss, which contains "
          "it.",
          "yᵢ = exp xᵢ / Σⱼ exp xⱼ")
      .torch("nn.Softmax")
      .keras("layers.Softmax")
      .named("softmax")
      .alias({"probabilities", "activation"})
      .param(intParam("dim", -1).withDoc("Dimension along which the values sum to one; -1 is the last.").asMain())
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
