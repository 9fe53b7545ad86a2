// SPDX-License-Identifier: Apache-2.0
// Tanhshrink: y = x - tanh x. Any shape. PyTorch: nn.Tanhshrink.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  l.output("y", l.op("sub.Tensor", {x.id, l.op("tanh", {x.id}).id}));
}

}  // namespace

LayerSpec tanhshrink() {
  return LayerSpec{"tanhshrink", "Tanhshrink", Category::Activation}
      .describe("What tanh takes away: small values nearly vanish, large ones stay.", "y = x - tanh x")
      .torch("nn.Tanhshrink")
      .keras("activations.tanh_shrink")
      .named("tanhshrink")
      .alias({"shrink", "activation"})
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
