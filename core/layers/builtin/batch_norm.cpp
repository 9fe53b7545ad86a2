// SPDX-License-Identifier: Apache-2.0
// BatchNorm1d, BatchNorm2d, BatchNorm3d, SyncBatchNorm: y = (x - mean_c) / sqrt(var_c + eps) * weight + bias, mean and
// variance over the batch and all positions of each channel; running averages of both serve in evaluation. x (N, C, *)
// -> y as x. SyncBatchNorm in one process is a batch normalisation of any number of dimensions. Ioffe and Szegedy 2015,
// arXiv:1502.03167. PyTorch: nn.BatchNorm2d.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

// momentum None: plain averages over all batches so far, instead of those that forget. `batches` counts this one too.
void averageAll(Lowering& l, const Value& mean, const Value& variance, const Value& batches) {
  constexpr auto kLate = program::Phase::AfterBackward;
  const Value x = l.op("detach", {l.input("x").id}, kLate),
              floats = l.op("to.dtype", {x.id, DType::DefaultFloat}, kLate);
  const Value count = l.op("to.dtype", {batches.id, DType::DefaultFloat}, kLate);
  const Value share = l.op("reciprocal", {count.id}, kLate);
  Shape others{Dim(0)};
  for (size_t i = 2; i < x.rank(); ++i) others.emplace_back(static_cast<int64_t>(i));
  const Value batchMean = l.op("mean.dim", {floats.id, others}, kLate),
              batchVariance = l.op("var.correction", {floats.id, others, Dim(1)}, kLate);
  l.op("lerp_.Tensor", {mean.id, batchMean.id, share.id}, kLate);
  l.op("lerp_.Tensor", {variance.id, batchVariance.id, share.id}, kLate);
}

template <size_t low, size_t high>
void lower(Lowering& l) {
  const Value x = l.input("x");
  constexpr const char* kForm = high == 3   ? "N, C or N, C, L"
                                : high == 4 ? "N, C, H, W"
                                : low == 5  ? "N, C, D, H, W"
                                            : "N, C, *";
  if (!l.requireRank(x, low, high, kForm)) return;
  const int64_t channels = l.inferred("num_features", x.dim(1), "NW-S004");
  const Value weight = l.parameterIf("affine", "weight", {channels}, init::ones());
  Value bias;
  if (weight) bias = l.parameterIf("bias", "bias", {channels}, init::zeros());
  const bool track = l.get<bool>("track_running_stats");
  const bool forgets = !l.isNone("momentum");
  Value mean, variance;
  if (track) {
    mean = l.buffer("running_mean", DType::DefaultFloat, {channels}, init::zeros());
    variance = l.buffer("running_var", DType::DefaultFloat, {channels}, init::ones());
    const Value batches = l.buffer("num_batches_tracked", DType::Int64, {}, init::zeros());
    l.op("add_.Scalar", {batches.id, Dim(1), Dim(1)}, program::Phase::AfterBackward);
    if (!forgets) averageAll(l, mean, variance, batches);
  }
  const Argument training = track ? Argument(program::TrainingFlag{}) : Argument(true);
  l.output("y", l.op("batch_norm", {x.id, Lowering::optional(weight), Lowering::optional(bias),
                                    Lowering::optional(mean), Lowering::optional(variance), training,
                                    forgets ? l.get<double>("momentum") : 0.0, l.get<double>("eps"), true}));
}

LayerSpec norm(const std::string& id, const std::string& title, const std::string& form, void (*lowering)(Lowering&)) {
  return LayerSpec{id, title, Category::Normalization}
      .torch("nn." + title, 1)
      .keras("layers.BatchNormalization")
      .named("bn")
      .describedIn("Ioffe and Szegedy 2015, arXiv:1502.03167")
      .param(inferredParam("num_features").withDoc("Channels; told by the wire."))
      .param(floatParam("eps", 1e-5).above(0).withDoc("Added to the variance for stability."))
      .param(
          floatParam("momentum", 0.1)
              .min(0)
              .max(1)
              .orNone()
              .withDoc("Share of the newest batch in the running averages; none: the plain average over all batches."))
      .param(boolParam("affine", true).withDoc("Learn a scale and an offset for each channel."))
      .param(boolParam("track_running_stats", true).withDoc("Keep running averages for evaluation."))
      .param(boolParam("bias", true).withDoc("Learn the offset too; without affine there is none."))
      .input("x", form)
      .output("y", "as x")
      .lowering(lowering);
}
void addBias(Attributes& params) { params["bias"] = true; }

}  // namespace

std::vector<LayerSpec> batchNorm() {
  constexpr const char* kFormula = "y = (x - mean) / √(var + eps) · weight + bias";
  return {
      norm("batch_norm1d", "BatchNorm1d", "(N, C) or (N, C, L)", lower<2, 3>)
          .describe("Brings every feature, or every channel of a sequence, to mean 0 and variance 1 over the batch.",
                    kFormula)
          .alias({"batch normalization of features"})
          .migrates(addBias),
      norm("batch_norm2d", "BatchNorm2d", "(N, C, H, W)", lower<4, 4>)
          .describe(
              "Brings every channel to mean 0 and variance 1 over the batch; networks train faster and more calmly.",
              kFormula)
          .alias({"batch normalization", "norm", "bn"})
          .migrates(addBias),
      norm("batch_norm3d", "BatchNorm3d", "(N, C, D, H, W)", lower<5, 5>)
          .describe("Brings every channel of a volume to mean 0 and variance 1 over the batch.", kFormula)
          .alias({"batch normalization of volumes"}),
      norm("sync_batch_norm", "SyncBatchNorm", "(N, C, *)", lower<2, 5>)
          .describe(
              "A batch normalization of any number of dimensions; of several processes it would join the batches.",
              kFormula)
          .alias({"batch normalization", "distributed"})};
}

}  // namespace netwright::layers
