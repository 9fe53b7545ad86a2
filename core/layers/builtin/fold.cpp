// SPDX-License-Identifier: Apache-2.0
// Unfold: cuts an image into patches, (N, C, H, W) -> (N, C kh kw, places). Fold: lays patches into an image and sums
// where they overlap, (N, C kh kw, places) -> (N, C, *output_size). PyTorch: nn.Unfold, nn.Fold.
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

void unfold(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 4, 4, "N, C, H, W")) return;
  l.output("y", l.op("im2col", {x.id, l.ints("kernel_size"), l.ints("dilation"), l.ints("padding"), l.ints("stride")}));
}
void fold(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 3, 3, "N, C·kh·kw, places")) return;
  l.output("y", l.op("col2im", {x.id, l.ints("output_size"), l.ints("kernel_size"), l.ints("dilation"),
                                l.ints("padding"), l.ints("stride")}));
}

LayerSpec addWindow(LayerSpec layer) {
  return layer.param(sizesParam("kernel_size", 2, 2).min(1).withDoc("Size of a patch.").asMain())
      .param(sizesParam("dilation", 2, 1).min(1).withDoc("Distance between the points of a patch."))
      .param(sizesParam("padding", 2, 0).min(0).withDoc("Zeros around the image."))
      .param(sizesParam("stride", 2, 1).min(1).withDoc("Distance between patches."));
}

}  // namespace

std::vector<LayerSpec> fold() {
  return {
      addWindow(LayerSpec{"fold", "Fold", Category::Shape}
                    .describe("Lays patches into an image; where they overlap they are summed.",
                              "y = Σ of the patches at their places")
                    .torch("nn.Fold", 2)
                    .named("fold")
                    .alias({"col2im", "patches to image"})
                    .param(sizesParam("output_size", 2, 4).min(1).withDoc("Height and width of the image.").asMain()))
          .input("x", "(N, C·kh·kw, places)")
          .output("y", "(N, C, *output_size)")
          .lowering(fold),
      addWindow(LayerSpec{"unfold", "Unfold", Category::Shape}
                    .describe("Cuts an image into patches, each a column.", "y[n, :, p] = the p-th patch of x[n]")
                    .torch("nn.Unfold", 1)
                    .named("unfold")
                    .alias({"im2col", "image to patches", "sliding blocks"}))
          .input("x", "(N, C, H, W)")
          .output("y", "(N, C·kh·kw, places)")
          .lowering(unfold)};
}

}  // namespace netwright::layers
