// SPDX-License-Identifier: Apache-2.0
// Normalization: brings each feature or channel to mean 0 and variance 1 with the moments of the data, which it learns
// from the batches of training exactly: y = (x - mean) / sqrt(variance). In training a batch is brought there by its
// own moments, in evaluation by those of all the values seen. x (N, C, *) -> y as x. Chan et al. 1979, Updating
// formulae for computing sample variances. PyTorch has no module for it; Keras adapts it before training.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

constexpr auto kLate = program::Phase::AfterBackward;

// Joins the moments of a batch with those of all before it.
void learn(Lowering& l, const Value& mean, const Value& variance, const Value& count) {
  const Value given = l.op("detach", {l.input("x").id}, kLate),
              x = l.op("to.dtype", {given.id, DType::DefaultFloat}, kLate);
  Shape others{Dim(0)};
  for (size_t i = 2; i < x.rank(); ++i) others.emplace_back(static_cast<int64_t>(i));
  const Value channel = l.op("select.int", {x.id, Dim(1), Dim(0)}, kLate),
              ones = l.op("full_like", {channel.id, Dim(1), DType::Int64}, kLate),
              fresh = l.op("sum", {ones.id}, kLate);
  l.op("add_.Tensor", {count.id, fresh.id}, kLate);
  const auto real = [&](const Value& v) { return l.op("to.dtype", {v.id, DType::DefaultFloat}, kLate); };
  const Value share = l.op("div.Tensor", {real(fresh).id, real(count).id}, kLate);
  const Value batchMean = l.op("mean.dim", {x.id, others}, kLate),
              batchVariance = l.op("var.correction", {x.id, others, Dim(0)}, kLate),
              apart = l.op("square", {l.op("sub.Tensor", {batchMean.id, mean.id}, kLate).id}, kLate);
  const Value both = l.op("mul.Tensor", {share.id, l.op("rsub.Scalar", {share.id, Dim(1)}, kLate).id}, kLate);
  l.op("lerp_.Tensor", {variance.id, batchVariance.id, share.id}, kLate);
  l.op("add_.Tensor", {variance.id, l.op("mul.Tensor", {apart.id, both.id}, kLate).id}, kLate);
  l.op("lerp_.Tensor", {mean.id, batchMean.id, share.id}, kLate);
}

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 5, "N, C, *")) return;
  const int64_t channels = l.inferred("num_features", x.dim(1), "NW-S004");
  const Value mean = l.buffer("mean", DType::DefaultFloat, {channels}, init::zeros()),
              variance = l.buffer("variance", DType::DefaultFloat, {channels}, init::ones()),
              count = l.buffer("count", DType::Int64, {}, init::zeros());
  // Momentum 0: the op leaves the moments alone.
  l.output("y", l.op("batch_norm", {x.id, None{}, None{}, mean.id, variance.id, program::TrainingFlag{}, 0.0,
                                    l.get<double>("eps"), true}));
  learn(l, mean, variance, count);
}

}  // namespace

LayerSpec normalization() {
  return LayerSpec{"normalization", "Normalization", Category::Normalization}
      .describe("Brings each feature to mean 0 and variance 1; learns both from the data while the network trains.",
                "y = (x - mean) / √(variance + eps)")
      .keras("layers.Normalization")
      .named("normalization")
      .alias({"standardize", "standardise", "scale", "preprocess", "adapt", "z-score"})
      .param(inferredParam("num_features").withDoc("Features or channels; told by the wire."))
      .param(floatParam("eps", 1e-7).min(0).withDoc("Added to the variance for stability."))
      .input("x", "(N, C, *)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
