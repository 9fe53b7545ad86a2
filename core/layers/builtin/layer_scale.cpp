// SPDX-License-Identifier: Apache-2.0
// LayerScale: y = gamma x, one learned factor for each feature (the last dimension). x (N, *, features) -> y as x.
// channels_first: for each channel, x (N, C, H, W); the factors are called and shaped as in torchvision's ConvNeXt.
// Touvron et al. 2021, arXiv:2103.17239. PyTorch has no module for it.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  const bool channels = l.get<bool>("channels_first");
  if (channels ? !l.requireRank(x, 4, 4, "N, C, H, W") : !l.requireRank(x, 2, 8, "N, *, features")) return;
  const int64_t features = l.inferred("dim", x.dim(channels ? 1 : -1), "NW-S003");
  const Shape shape = channels ? Shape{features, Dim(1), Dim(1)} : Shape{features};
  const Value gamma = l.parameter(channels ? "layer_scale" : "gamma", shape, init::fill(l.get<double>("init_values")));
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
      .param(boolParam("channels_first", false).withDoc("A factor for each channel of images (N, C, H, W)."))
      .migrates([](Attributes& params) { params["channels_first"] = false; })
      .input("x", "(N, *, features)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
