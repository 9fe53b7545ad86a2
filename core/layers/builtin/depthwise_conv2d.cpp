// SPDX-License-Identifier: Apache-2.0
// DepthwiseConv2d: one or several kernels for each channel on its own: a Conv2d with as many groups as channels. x
// (N, C, H, W) -> y (N, C depth_multiplier, H', W'). Howard et al. 2017, arXiv:1704.04861. PyTorch has no module for
// it.
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 4, 4, "N, C, H, W")) return;
  const int64_t channels = l.inferred("in_channels", x.dim(1), "NW-S004"),
                out = channels * l.get<int64_t>("depth_multiplier");
  if (!l.diagnostics.empty()) return;
  const Shape kernel = l.ints("kernel_size");
  const int64_t fanIn = product(kernel).constant().value();
  const Value weight = l.parameter("weight", {out, 1, kernel[0], kernel[1]}, init::kaimingUniform(fanIn));
  const Value bias = l.parameterIf("bias", "bias", {out}, init::fanInUniform(fanIn));
  l.output("y", l.op("conv2d", {x.id, weight.id, Lowering::optional(bias), l.ints("stride"), l.ints("padding"),
                                l.ints("dilation"), Dim(channels)}));
}

}  // namespace

LayerSpec depthwiseConv2d() {
  return LayerSpec{"depthwise_conv2d", "DepthwiseConv2d", Category::Convolution}
      .describe("Looks for patterns in each channel on its own: few weights, little work.",
                "y[n, c] = b[c] + w[c] ⋆ x[n, c]")
      .keras("layers.DepthwiseConv2D")
      .named("depthwise")
      .alias({"mobile", "groups", "separable"})
      .describedIn("Howard et al. 2017, arXiv:1704.04861")
      .param(inferredParam("in_channels").withDoc("Channels of the input; told by the wire."))
      .param(sizesParam("kernel_size", 2, 3).min(1).withDoc("Size of the patterns.").asMain())
      .param(intParam("depth_multiplier", 1).min(1).withDoc("Kernels for each channel."))
      .param(sizesParam("stride", 2, 1).min(1).withDoc("Step of the sliding window."))
      .param(sizesParam("padding", 2, 0).min(0).withDoc("Zeros added on each side."))
      .param(sizesParam("dilation", 2, 1).min(1).withDoc("Distance between the points of a kernel."))
      .param(boolParam("bias", true).withDoc("Learn an offset for each output channel."))
      .input("x", "(N, C, H, W)")
      .output("y", "(N, C·depth_multiplier, H', W')")
      .lowering(lower);
}

}  // namespace netwright::layers
