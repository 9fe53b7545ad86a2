// SPDX-License-Identifier: Apache-2.0
// PatchEmbedding: cuts an image into patches and turns each into a vector. x (N, C, H, W) -> y (N, patches,
// embed_dim). Dosovitskiy et al. 2020, arXiv:2010.11929. PyTorch has no module for it.
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 4, 4, "N, C, H, W")) return;
  const int64_t channels = l.inferred("in_channels", x.dim(1), "NW-S004"), size = l.get<int64_t>("embed_dim");
  if (!l.diagnostics.empty()) return;
  const Shape patch = l.ints("patch_size");
  const int64_t fanIn = channels * product(patch).constant().value();
  const Value weight = l.parameter("proj.weight", {size, channels, patch[0], patch[1]}, init::kaimingUniform(fanIn)),
              bias = l.parameterIf("bias", "proj.bias", {size}, init::fanInUniform(fanIn));
  const Value image = l.op("conv2d", {x.id, weight.id, Lowering::optional(bias), patch});
  const Value flat = l.op("flatten.using_ints", {image.id, Dim(2), Dim(3)});
  l.output("y", l.op("transpose.int", {flat.id, Dim(1), Dim(2)}));
}

}  // namespace

LayerSpec patchEmbedding() {
  return LayerSpec{"patch_embedding", "PatchEmbedding", Category::Sequence}
      .describe("Cuts an image into patches and turns each into a vector: the way images enter a transformer.",
                "y[n, p] = W · patch p of x[n] + b")
      .named("patches")
      .alias({"vision transformer", "vit", "tokens"})
      .describedIn("Dosovitskiy et al. 2020, arXiv:2010.11929")
      .param(inferredParam("in_channels").withDoc("Channels of the input; told by the wire."))
      .param(sizesParam("patch_size", 2, 4).min(1).withDoc("Height and width of a patch.").asMain())
      .param(intParam("embed_dim", 64).min(1).withDoc("Length of each vector.").asMain())
      .param(boolParam("bias", true).withDoc("Learn an offset."))
      .input("x", "(N, C, H, W)")
      .output("y", "(N, patches, embed_dim)")
      .lowering(lower);
}

}  // namespace netwright::layers
