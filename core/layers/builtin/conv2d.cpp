// SPDX-License-Identifier: Apache-2.0
// Conv2d: slides out_channels kernels over an image. x (N, C, H, W) -> y (N, out_channels, H', W'),
// H' = floor((H + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1. PyTorch: nn.Conv2d.
#include "core/layers/channels.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 4, 4, "N, C, H, W")) return;
  const int64_t in = l.inferred("in_channels", x.dim(1), "NW-S004");
  const int64_t out = l.get<int64_t>("out_channels"), groups = l.get<int64_t>("groups");
  if (!requireEvenGroups(l, in, out)) return;
  const Shape kernel = l.ints("kernel_size");
  const int64_t fanIn = in / groups * kernel[0].constant().value() * kernel[1].constant().value();
  const Value weight = l.parameter("weight", {out, in / groups, kernel[0], kernel[1]}, init::kaimingUniform(fanIn));
  const Value bias = l.parameterIf("bias", "bias", {out}, init::fanInUniform(fanIn));
  l.output("y", l.op("conv2d", {x.id, weight.id, Lowering::optional(bias), l.ints("stride"), l.ints("padding"),
                                l.ints("dilation"), Dim(groups)}));
}

}  // namespace

LayerSpec conv2d() {
  return LayerSpec{"conv2d", "Conv2d", Category::Convolution}
      .describe("Looks for small patterns everywhere in an image.", "y[n, o] = b[o] + Σ_c w[o, c] ⋆ x[n, c]")
      .torch("nn.Conv2d")
      .named("conv")
      .alias({"convolution", "conv", "filter"})
      .param(inferredParam("in_channels").withDoc("Channels of the image; told by the wire."))
      .param(intParam("out_channels", 32).min(1).withDoc("How many patterns are looked for.").asMain())
      .param(intListParam("kernel_size", {3, 3}, 2)
                 .min(1)
                 .withUnit("px")
                 .withDoc("Height and width of the patterns.")
                 .asMain())
      .param(intListParam("stride", {1, 1}, 2).min(1).withUnit("px").withDoc("Step of the sliding window."))
      .param(intListParam("padding", {0, 0}, 2)
                 .min(0)
                 .withUnit("px")
                 .withDoc("Zeros added on each side. kernel_size // 2 keeps the size."))
      .param(
          intListParam("dilation", {1, 1}, 2).min(1).withUnit("px").withDoc("Distance between the points of a kernel."))
      .param(intParam("groups", 1).min(1).withDoc("Splits the channels into groups that are convolved apart."))
      .param(boolParam("bias", true).withDoc("Learn an offset for each output channel."))
      .input("x", "(N, C, H, W)")
      .output("y", "(N, out_channels, H', W')")
      .lowering(lower);
}

}  // namespace netwright::layers
