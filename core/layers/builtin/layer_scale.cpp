// SPDX-License-Identifier: Apache-2.0
// LayerScale: y = gamma x, one learned factor for each feature (the last dimension). x (N, *, features) -> y as x.
// Touvron et al. 2021, arXiv:2103.17239. PyTorch has no module for it.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 8, "N, *, features")) return;
  const int64_t features = l.inferred("dim", x.dim(-1), "NW-S003");
  const Value gamma = l.parameter("gamma", {features}, init::fill(l.get<double>("init_values")));
  l.output("y", l.op("mul.Tensor", {x.id, gamma.id}));
}

}  // namespace

LayerSpec layerScale() {
  return LayerSpec{"layer_scale", "LayerScale", Category::Normalization}
      .describe("A learned factor for each feature that begins small: deep transformers start as if they were shallow.",
                "y = gamma · x")
      .named("gamma")
      .alias({"residual", "scale", "cait"})
      .describedIn("Touvron et al. 2021, arXiv:2103.17239")
      .param(inferredParam("dim").withDoc("Features; told by the wire."))
      .param(floatParam("init_values", 1e-5).withDoc("The factors at the start."))
      .input("x", "(N, *, features)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
