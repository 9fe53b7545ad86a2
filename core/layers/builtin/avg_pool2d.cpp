// SPDX-License-Identifier: Apache-2.0
// AvgPool2d: the mean of each window. x (N, C, H, W) -> y (N, C, H', W'), H' as in Conv2d without dilation. PyTorch:
// nn.AvgPool2d.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 4, 4, "N, C, H, W")) return;
  const Shape stride = l.isNone("stride") ? l.ints("kernel_size") : l.ints("stride");
  const Argument divisor =
      l.isNone("divisor_override") ? Argument(None{}) : Argument(Dim(l.get<int64_t>("divisor_override")));
  l.output("y", l.op("avg_pool2d", {x.id, l.ints("kernel_size"), stride, l.ints("padding"), l.get<bool>("ceil_mode"),
                                    l.get<bool>("count_include_pad"), divisor}));
}

}  // namespace

LayerSpec avgPool2d() {
  ParamSpec stride = intListParam("stride", {}, 2)
                         .min(1)
                         .orNone()
                         .withUnit("px")
                         .withDoc("Step of the window; none means kernel_size.");
  stride.fallback = None{};
  ParamSpec divisor = intParam("divisor_override", 0)
                          .min(1)
                          .orNone()
                          .withDoc("What the sum of a window is divided by; none means its number of pixels.");
  divisor.fallback = None{};
  return LayerSpec{"avg_pool2d", "AvgPool2d", Category::Pooling}
      .describe("Shrinks an image by keeping the mean of each window.", "y = mean over the window of x")
      .torch("nn.AvgPool2d")
      .named("pool")
      .alias({"average pooling", "mean pooling", "downsample"})
      .param(intListParam("kernel_size", {2, 2}, 2)
                 .min(1)
                 .withUnit("px")
                 .withDoc("Height and width of the window.")
                 .asMain())
      .param(stride)
      .param(intListParam("padding", {0, 0}, 2)
                 .min(0)
                 .withUnit("px")
                 .withDoc("Zeros added on each side, at most half of kernel_size."))
      .param(boolParam("ceil_mode", false).withDoc("Round the output size up, so that a last, partial window counts."))
      .param(boolParam("count_include_pad", true).withDoc("Count the zeros of the margin when dividing."))
      .param(divisor)
      .input("x", "(N, C, H, W)")
      .output("y", "(N, C, H', W')")
      .lowering(lower);
}

}  // namespace netwright::layers
