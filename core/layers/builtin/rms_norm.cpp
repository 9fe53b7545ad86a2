// SPDX-License-Identifier: Apache-2.0
// RMSNorm: y = x / sqrt(mean(x²) + eps) * weight over the last dimensions of each sample. x (N, *, features) -> y as x.
// Zhang and Sennrich 2019, arXiv:1910.07467. PyTorch: nn.RMSNorm.
#include "core/layers/normalized_shape.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 8, "N, *, features")) return;
  const Shape over = normalizedShape(l, x);
  if (over.empty()) return;
  const Value weight = l.parameterIf("elementwise_affine", "weight", over, init::ones());
  const Argument eps = l.isNone("eps") ? Argument(None{}) : Argument(l.get<double>("eps"));
  l.output("y", l.op("rms_norm", {x.id, over, Lowering::optional(weight), eps}));
}

}  // namespace

LayerSpec rmsNorm() {
  return LayerSpec{"rms_norm", "RMSNorm", Category::Normalization}
      .describe("Scales the features of every sample to a mean square of 1: a LayerNorm without the mean.",
                "y = x / √(mean x² + eps) · weight")
      .torch("nn.RMSNorm", 1)
      .keras("layers.RMSNormalization")
      .named("norm")
      .alias({"root mean square", "llama", "layer normalization"})
      .describedIn("Zhang and Sennrich 2019, arXiv:1910.07467")
      .param(normalizedShapeParam())
      .param(floatParam("eps", 1e-6)
                 .min(0)
                 .noneByDefault()
                 .withDoc("Added to the mean square for stability; none: the smallest step of the number type."))
      .param(boolParam("elementwise_affine", true).withDoc("Learn a scale for each feature."))
      .input("x", "(N, *, features)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
