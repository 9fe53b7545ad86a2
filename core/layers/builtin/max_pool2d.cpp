// SPDX-License-Identifier: Apache-2.0
// MaxPool2d: the largest value in each window. x (N, C, H, W) -> y (N, C, H', W'), H' as in Conv2d. PyTorch:
// nn.MaxPool2d.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 4, 4, "N, C, H, W")) return;
  const Shape stride = l.isNone("stride") ? l.ints("kernel_size") : l.ints("stride");
  l.output("y", l.op("max_pool2d", {x.id, l.ints("kernel_size"), stride, l.ints("padding"), l.ints("dilation"),
                                    l.get<bool>("ceil_mode")}));
}

}  // namespace

LayerSpec maxPool2d() {
  ParamSpec stride = intListParam("stride", {}, 2)
                         .min(1)
                         .orNone()
                         .withUnit("px")
                         .withDoc("Step of the window; none means kernel_size.");
  stride.fallback = None{};
  return LayerSpec{"max_pool2d", "MaxPool2d", Category::Pooling}
      .describe("Shrinks an image by keeping the largest value of each window.", "y = max over the window of x")
      .torch("nn.MaxPool2d")
      .named("pool")
      .alias({"max pooling", "pool", "downsample"})
      .param(intListParam("kernel_size", {2, 2}, 2)
                 .min(1)
                 .withUnit("px")
                 .withDoc("Height and width of the window.")
                 .asMain())
      .param(stride)
      .param(intListParam("padding", {0, 0}, 2)
                 .min(0)
                 .withUnit("px")
                 .withDoc("Margin added on each side, at most half of kernel_size; never chosen as maximum."))
      .param(
          intListParam("dilation", {1, 1}, 2).min(1).withUnit("px").withDoc("Distance between the points of a window."))
      .param(boolParam("ceil_mode", false).withDoc("Round the output size up, so that a last, partial window counts."))
      .input("x", "(N, C, H, W)")
      .output("y", "(N, C, H', W')")
      .lowering(lower);
}

}  // namespace netwright::layers
