// SPDX-License-Identifier: Apache-2.0
// SeparableConv2d: a depthwise convolution and a 1 x 1 convolution behind it. x (N, C, H, W) -> y (N, out_channels,
// H', W'). Chollet 2016, arXiv:1610.02357. PyTorch has no module for it.
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 4, 4, "N, C, H, W")) return;
  const int64_t channels = l.inferred("in_channels", x.dim(1), "NW-S004"), out = l.get<int64_t>("out_channels"),
                inner = channels * l.get<int64_t>("depth_multiplier");
  if (!l.diagnostics.empty()) return;
  const Shape kernel = l.ints("kernel_size"), one{Dim(1), Dim(1)};
  const Value deep = l.parameter("depthwise.weight", {inner, 1, kernel[0], kernel[1]},
                                 init::kaimingUniform(product(kernel).constant().value()));
  const Value wide = l.parameter("pointwise.weight", {out, inner, 1, 1}, init::kaimingUniform(inner));
  const Value bias = l.parameterIf("bias", "pointwise.bias", {out}, init::fanInUniform(inner));
  const Value each =
      l.op("conv2d", {x.id, deep.id, None{}, l.ints("stride"), l.ints("padding"), l.ints("dilation"), Dim(channels)});
  l.output("y", l.op("conv2d", {each.id, wide.id, Lowering::optional(bias)}));
}

}  // namespace

LayerSpec separableConv2d() {
  return LayerSpec{"separable_conv2d", "SeparableConv2d", Category::Convolution}
      .describe("A convolution in two cheap steps: patterns in each channel, then a mixture of the channels.",
                "y = pointwise(depthwise x)")
      .keras("layers.SeparableConv2D")
      .named("separable")
      .alias({"mobile", "xception", "depthwise"})
      .describedIn("Chollet 2016, arXiv:1610.02357")
      .param(inferredParam("in_channels").withDoc("Channels of the input; told by the wire."))
      .param(intParam("out_channels", 32).min(1).withDoc("How many patterns are looked for.").asMain())
      .param(sizesParam("kernel_size", 2, 3).min(1).withDoc("Size of the patterns.").asMain())
      .param(intParam("depth_multiplier", 1).min(1).withDoc("Kernels for each channel."))
      .param(sizesParam("stride", 2, 1).min(1).withDoc("Step of the sliding window."))
      .param(sizesParam("padding", 2, 0).min(0).withDoc("Zeros added on each side."))
      .param(sizesParam("dilation", 2, 1).min(1).withDoc("Distance between the points of a kernel."))
      .param(boolParam("bias", true).withDoc("Learn an offset for each output channel."))
      .input("x", "(N, C, H, W)")
      .output("y", "(N, out_channels, H', W')")
      .lowering(lower);
}

}  // namespace netwright::layers
