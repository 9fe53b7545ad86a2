// SPDX-License-Identifier: Apache-2.0
// Softmax2d: y[n, c, i, j] = exp x[n, c, i, j] / Σ over the channels. x (N, C, H, W). PyTorch: nn.Softmax2d.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (l.requireRank(x, 4, 4, "N, C, H, W")) l.output("y", l.op("softmax.int", {x.id, Dim(1), None{}}));
}

}  // namespace

LayerSpec softmax2d() {
  return LayerSpec{"softmax2d", "Softmax2d", Category::Activation}
      .describe("A softmax over the channels at every pixel.",
                "y[n, c, i, j] = exp x[n, c, i, j] / Σ over the channels")
      .torch("nn.Softmax2d")
      .named("softmax2d")
      .alias({"probabilities", "segmentation", "activation"})
      .input("x", "(N, C, H, W)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
