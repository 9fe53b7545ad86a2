// SPDX-License-Identifier: Apache-2.0
// Reparameterize: draws from a normal distribution in a way that lets gradients through: y = mean + exp(log_var / 2)
// N(0, 1) in training, the mean in evaluation. mean and log_var alike -> y as mean. Kingma and Welling 2013,
// arXiv:1312.6114. PyTorch has no module for it.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value mean = l.input("mean"), logVariance = l.input("log_var");
  const Value deviation = l.op("exp", {l.op("mul.Scalar", {logVariance.id, 0.5}).id});
  const Value noise = l.op("mul.Scalar", {l.op("randn_like", {deviation.id}).id, program::TrainingNumber{1}});
  l.output("y", l.op("add.Tensor", {mean.id, l.op("mul.Tensor", {deviation.id, noise.id}).id}));
}

}  // namespace

LayerSpec reparameterize() {
  return LayerSpec{"reparameterize", "Reparameterize", Category::Regularization}
      .describe("Draws a sample from a mean and a variance that the network gives; gradients flow through both.",
                "y = mean + exp(log_var / 2) · N(0, 1)")
      .named("latent")
      .alias({"variational autoencoder", "vae", "sample", "latent"})
      .describedIn("Kingma and Welling 2013, arXiv:1312.6114")
      .input("mean", "any")
      .input("log_var", "as mean")
      .output("y", "as mean")
      .lowering(lower);
}

}  // namespace netwright::layers
