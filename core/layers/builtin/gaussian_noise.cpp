// SPDX-License-Identifier: Apache-2.0
// GaussianNoise: adds normal noise in training. Any shape. PyTorch has no module for it.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x"), noise = l.op("randn_like", {x.id});
  const Value scaled = l.op("mul.Scalar", {noise.id, program::TrainingNumber{l.get<double>("stddev")}});
  l.output("y", l.op("add.Tensor", {x.id, scaled.id}));
}

}  // namespace

LayerSpec gaussianNoise() {
  return LayerSpec{"gaussian_noise", "GaussianNoise", Category::Regularization}
      .describe("Adds random noise while training, so that the network does not rely on the last digit.",
                "y = x + stddev · N(0, 1)")
      .keras("layers.GaussianNoise")
      .named("noise")
      .alias({"augmentation", "regularization", "jitter"})
      .param(floatParam("stddev", 0.1).min(0).withDoc("Standard deviation of the noise.").asMain())
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
