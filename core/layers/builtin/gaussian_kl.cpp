// SPDX-License-Identifier: Apache-2.0
// GaussianKL: the divergence of normal distributions from N(0, 1), the second loss of a variational autoencoder: per
// sample the sum of (mean² + var - 1 - log var) / 2. Kingma and Welling 2013, arXiv:1312.6114. PyTorch has no module
// for it.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value mean = l.input("mean"), logVariance = l.input("log_var");
  const Value spread = l.op("sub.Tensor", {l.op("exp", {logVariance.id}).id, logVariance.id});
  const Value both = l.op("add.Tensor", {l.op("square", {mean.id}).id, spread.id});
  Value each = l.op("mul.Scalar", {l.op("sub.Scalar", {both.id, Dim(1)}).id, 0.5});
  Shape dims;
  for (size_t i = 1; i < each.rank(); ++i) dims.emplace_back(static_cast<int64_t>(i));
  if (!dims.empty()) each = l.op("sum.dim_IntList", {each.id, dims});
  l.output("loss", reducedLoss(l, each));
}

}  // namespace

LayerSpec gaussianKl() {
  return LayerSpec{"gaussian_kl", "GaussianKL", Category::Loss}
      .describe(
          "How far normal distributions are from the standard one: keeps the code of a variational autoencoder near "
          "it.",
          "loss = mean over samples of Σ (mean² + e^log_var - 1 - log_var) / 2")
      .named("loss")
      .alias({"kl divergence", "vae", "variational", "kullback-leibler", "latent", "regularization"})
      .describedIn("Kingma and Welling 2013, arXiv:1312.6114")
      .param(reductionParam())
      .input("mean", "(N, *)")
      .input("log_var", "as mean")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
