// SPDX-License-Identifier: Apache-2.0
// InstanceNorm1d, InstanceNorm2d, InstanceNorm3d: as a batch normalisation, but over each channel of each sample on its
// own. x (N, C, *) -> y as x. Ulyanov et al. 2016, arXiv:1607.08022. PyTorch: nn.InstanceNorm2d.
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

template <int dims>
void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, dims + 2, dims + 2, kForms[dims])) return;
  const int64_t channels = l.inferred("num_features", x.dim(1), "NW-S004");
  const Value weight = l.parameterIf("affine", "weight", {channels}, init::ones());
  Value bias, mean, variance;
  if (weight) bias = l.parameterIf("bias", "bias", {channels}, init::zeros());
  const bool track = l.get<bool>("track_running_stats");
  if (track) {
    mean = l.buffer("running_mean", DType::DefaultFloat, {channels}, init::zeros());
    variance = l.buffer("running_var", DType::DefaultFloat, {channels}, init::ones());
    l.buffer("num_batches_tracked", DType::Int64, {}, init::zeros());  // PyTorch keeps it and never counts
  }
  const Argument fromInput = track ? Argument(program::TrainingFlag{}) : Argument(true);
  l.output("y",
           l.op("instance_norm", {x.id, Lowering::optional(weight), Lowering::optional(bias), Lowering::optional(mean),
                                  Lowering::optional(variance), fromInput,
                                  l.isNone("momentum") ? 0.0 : l.get<double>("momentum"), l.get<double>("eps"), true}));
}

LayerSpec norm(int dims, void (*lowering)(Lowering&)) {
  const std::string title = "InstanceNorm" + std::to_string(dims) + "d";
  return LayerSpec{inDims("instance_norm", dims), title, Category::Normalization}
      .describe("Brings every channel of every sample to mean 0 and variance 1: contrast goes, patterns stay.",
                "y = (x - mean) / √(var + eps) · weight + bias")
      .torch("nn." + title, 1)
      .keras("layers.GroupNormalization(groups=-1)")
      .named("norm")
      .alias({"instance normalization", "style"})
      .describedIn("Ulyanov et al. 2016, arXiv:1607.08022")
      .param(inferredParam("num_features").withDoc("Channels; told by the wire."))
      .param(floatParam("eps", 1e-5).min(0).withDoc("Added to the variance for stability."))
      .param(floatParam("momentum", 0.1)
                 .min(0)
                 .max(1)
                 .orNone()
                 .withDoc(
                     "Share of the newest sample in the running averages; none: they stay as they are, as in PyTorch."))
      .param(boolParam("affine", false).withDoc("Learn a scale and an offset for each channel."))
      .param(boolParam("track_running_stats", false).withDoc("Keep running averages for evaluation."))
      .param(boolParam("bias", true).withDoc("Learn the offset too; without affine there is none."))
      .input("x", form(dims))
      .output("y", "as x")
      .lowering(lowering);
}

}  // namespace

std::vector<LayerSpec> instanceNorm() { return {norm(1, lower<1>), norm(2, lower<2>), norm(3, lower<3>)}; }

}  // namespace netwright::layers
