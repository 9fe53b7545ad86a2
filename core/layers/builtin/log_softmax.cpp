// SPDX-License-Identifier: Apache-2.0
// LogSoftmax: yᵢ = xᵢ - log Σⱼ exp xⱼ. Any shape. PyTorch: nn.LogSoftmax.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  l.output("y", l.op("log_softmax.int", {l.input("x").id, Dim(l.get<int64_t>("dim")), None{}}));
}

}  // namespace

LayerSpec logSoftmax() {
  return LayerSpec{"log_softmax", "LogSoftmax", Category::Activation}
      .describe("The logarithm of a softmax, exact where probabilities are tiny.", "yᵢ = xᵢ - log Σⱼ exp xⱼ")
      .torch("nn.LogSoftmax")
      .keras("activations.log_softmax")
      .named("log_softmax")
      .alias({"log probabilities", "activation"})
      .param(
          intParam("dim", -1).withDoc("Dimension along which the probabilities sum to one; -1 is the last.").asMain())
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
