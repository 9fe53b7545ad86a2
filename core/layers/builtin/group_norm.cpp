// SPDX-License-Identifier: Apache-2.0
// GroupNorm: mean 0 and variance 1 over groups of channels of each sample. x (N, C, *) -> y as x. Wu and He 2018,
// arXiv:1803.08494. PyTorch: nn.GroupNorm.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 8, "N, C, *")) return;
  const int64_t channels = l.inferred("num_channels", x.dim(1), "NW-S004");
  const Value weight = l.parameterIf("affine", "weight", {channels}, init::ones());
  Value bias;
  if (weight) bias = l.parameterIf("bias", "bias", {channels}, init::zeros());
  l.output("y", l.op("group_norm", {x.id, Dim(l.get<int64_t>("num_groups")), Lowering::optional(weight),
                                    Lowering::optional(bias), l.get<double>("eps"), true}));
}

}  // namespace

LayerSpec groupNorm() {
  return LayerSpec{"group_norm", "GroupNorm", Category::Normalization}
      .describe("Brings groups of channels of every sample to mean 0 and variance 1; does not look at the batch.",
                "y = (x - mean) / √(var + eps) · weight + bias")
      .torch("nn.GroupNorm", 2)
      .keras("layers.GroupNormalization")
      .named("norm")
      .alias({"group normalization"})
      .describedIn("Wu and He 2018, arXiv:1803.08494")
      .param(intParam("num_groups", 2).min(1).withDoc("How many groups; must divide the channels.").asMain())
      .param(inferredParam("num_channels").withDoc("Channels; told by the wire."))
      .param(floatParam("eps", 1e-5).min(0).withDoc("Added to the variance for stability."))
      .param(boolParam("affine", true).withDoc("Learn a scale and an offset for each channel."))
      .param(boolParam("bias", true).withDoc("Learn the offset too; without affine there is none."))
      .input("x", "(N, C, *)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
