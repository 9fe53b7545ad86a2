// SPDX-License-Identifier: Apache-2.0
// LayerNorm: y = (x - mean) / sqrt(var + eps) * weight + bias, mean and variance over the last dimensions of each
// sample. x (N, *, features) -> y as x. Ba et al. 2016, arXiv:1607.06450. PyTorch: nn.LayerNorm.
#include "core/layers/normalized_shape.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 8, "N, *, features")) return;
  const Shape over = normalizedShape(l, x);
  if (over.empty()) return;
  const bool affine = l.get<bool>("elementwise_affine");
  Value weight, bias;
  if (affine) weight = l.parameter("weight", over, init::ones());
  if (affine) bias = l.parameterIf("bias", "bias", over, init::zeros());
  l.output("y", l.op("layer_norm",
                     {x.id, over, Lowering::optional(weight), Lowering::optional(bias), l.get<double>("eps"), true}));
}

}  // namespace

LayerSpec layerNorm() {
  return LayerSpec{"layer_norm", "LayerNorm", Category::Normalization}
      .describe("Brings the features of every sample to mean 0 and variance 1, whatever the others in the batch are.",
                "y = (x - mean) / √(var + eps) · weight + bias")
      .torch("nn.LayerNorm", 1)
      .keras("layers.LayerNormalization")
      .named("ln")
      .alias({"layer normalization", "ln"})
      .describedIn("Ba et al. 2016, arXiv:1607.06450")
      .param(normalizedShapeParam())
      .param(floatParam("eps", 1e-5).min(0).withDoc("Added to the variance for stability."))
      .param(boolParam("elementwise_affine", true).withDoc("Learn a scale and an offset for each feature."))
      .param(boolParam("bias", true).withDoc("Learn the offset too; without elementwise_affine there is none."))
      .input("x", "(N, *, features)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
