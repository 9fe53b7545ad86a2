// SPDX-License-Identifier: Apache-2.0
// Softmin: yᵢ = exp(-xᵢ) / Σⱼ exp(-xⱼ). Any shape. PyTorch: nn.Softmin.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value negative = l.op("neg", {l.input("x").id});
  l.output("y", l.op("softmax.int", {negative.id, Dim(l.get<int64_t>("dim")), None{}}));
}

}  // namespace

LayerSpec softmin() {
  return LayerSpec{"softmin", "Softmin", Category::Activation}
      .describe("A softmax in which small values win.", "yᵢ = exp(-xᵢ) / Σⱼ exp(-xⱼ)")
      .torch("nn.Softmin")
      .named("softmin")
      .alias({"probabilities", "activation"})
      .param(intParam("dim", -1).withDoc("Dimension along which the values sum to one; -1 is the last.").asMain())
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
