// SPDX-License-Identifier: Apache-2.0
// AdaptiveAvgPool2d: means over windows chosen so that the output has output_size. x (N, C, H, W) ->
// y (N, C, *output_size). PyTorch: nn.AdaptiveAvgPool2d.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 4, 4, "N, C, H, W")) return;
  l.output("y", l.op("adaptive_avg_pool2d", {x.id, l.ints("output_size")}));
}

}  // namespace

LayerSpec adaptiveAvgPool2d() {
  return LayerSpec{"adaptive_avg_pool2d", "AdaptiveAvgPool2d", Category::Pooling}
      .describe("Brings an image of any size to a fixed one by means; 1 x 1 keeps one number for each channel.",
                "y[i, j] = mean of x over rows ⌊iH/H'⌋ to ⌈(i+1)H/H'⌉ and columns alike")
      .torch("nn.AdaptiveAvgPool2d")
      .named("pool")
      .alias({"global average pooling", "gap", "adaptive pooling"})
      .param(intListParam("output_size", {1, 1}, 2)
                 .min(1)
                 .withUnit("px")
                 .withDoc("Height and width of the output.")
                 .asMain())
      .input("x", "(N, C, H, W)")
      .output("y", "(N, C, *output_size)")
      .lowering(lower);
}

}  // namespace netwright::layers
