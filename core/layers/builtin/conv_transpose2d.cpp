// SPDX-License-Identifier: Apache-2.0
// ConvTranspose2d: a convolution run backwards, which enlarges an image. x (N, C, H, W) -> y (N, out_channels, H', W'),
// H' = (H - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1. PyTorch: nn.ConvTranspose2d.
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
  const int64_t fanIn =
      out / groups * kernel[0].constant().value() * kernel[1].constant().value();  // as PyTorch counts
  const Value weight = l.parameter("weight", {in, out / groups, kernel[0], kernel[1]}, init::kaimingUniform(fanIn));
  const Value bias = l.parameterIf("bias", "bias", {out}, init::fanInUniform(fanIn));
  l.output("y", l.op("conv_transpose2d.input",
                     {x.id, weight.id, Lowering::optional(bias), l.ints("stride"), l.ints("padding"),
                      l.ints("output_padding"), Dim(groups), l.ints("dilation")}));
}

}  // namespace

LayerSpec convTranspose2d() {
  return LayerSpec{"conv_transpose2d", "ConvTranspose2d", Category::Convolution}
      .describe("Enlarges an image by laying down a small pattern for every pixel; the way back from a Conv2d.",
                "y[n, o] = b[o] + Σ_c w[c, o] spread by x[n, c]")
      .torch("nn.ConvTranspose2d")
      .named("deconv")
      .alias({"deconvolution", "transposed convolution", "upsample", "decoder"})
      .param(inferredParam("in_channels").withDoc("Channels of the image; told by the wire."))
      .param(intParam("out_channels", 32).min(1).withDoc("Channels of the larger image.").asMain())
      .param(intListParam("kernel_size", {3, 3}, 2)
                 .min(1)
                 .withUnit("px")
                 .withDoc("Height and width of the patterns.")
                 .asMain())
      .param(intListParam("stride", {1, 1}, 2)
                 .min(1)
                 .withUnit("px")
                 .withDoc("How many times larger the image gets; 2 with kernel_size 2 doubles it."))
      .param(intListParam("padding", {0, 0}, 2).min(0).withUnit("px").withDoc("Pixels cut off on each side."))
      .param(intListParam("output_padding", {0, 0}, 2)
                 .min(0)
                 .withUnit("px")
                 .withDoc("Pixels added at the bottom and the right; less than stride or dilation."))
      .param(intParam("groups", 1).min(1).withDoc("Splits the channels into groups that are convolved apart."))
      .param(boolParam("bias", true).withDoc("Learn an offset for each output channel."))
      .param(
          intListParam("dilation", {1, 1}, 2).min(1).withUnit("px").withDoc("Distance between the points of a kernel."))
      .input("x", "(N, C, H, W)")
      .output("y", "(N, out_channels, H', W')")
      .lowering(lower);
}

}  // namespace netwright::layers
