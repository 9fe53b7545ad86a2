// SPDX-License-Identifier: Apache-2.0
// DropPath: in training whole samples become zero with probability p, the others are divided by 1 - p. x (N, *) -> y
// as x. Huang et al. 2016, arXiv:1603.09382. PyTorch has no module for it.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 1, 8, "N, *")) return;
  Shape samples(x.rank(), Dim(1));
  samples[0] = x.dim(0);
  const Value ones = l.op("new_full", {x.id, samples, 1.0});
  const Value mask = l.op("dropout", {ones.id, l.get<double>("p"), program::TrainingFlag{}});
  l.output("y", l.op("mul.Tensor", {x.id, mask.id}));
}

}  // namespace

LayerSpec dropPath() {
  return LayerSpec{"drop_path", "DropPath", Category::Regularization}
      .describe("Leaves out a whole branch for random samples while training.", "y[n] = x[n] · mask[n] / (1 - p)")
      .named("drop")
      .alias({"stochastic depth", "regularization"})
      .describedIn("Huang et al. 2016, arXiv:1603.09382")
      .param(floatParam("p", 0.1).min(0).max(1).withDoc("Share of samples that are left out.").asMain())
      .input("x", "(N, *)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
