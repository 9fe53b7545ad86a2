// SPDX-License-Identifier: Apache-2.0
// BatchNorm1d: y = (x - mean_c) / sqrt(var_c + eps) * weight + bias, mean and variance over the batch and all positions
// of each feature; running averages of both serve in evaluation. x (N, C) or (N, C, L) -> y as x. Ioffe and Szegedy
// 2015, arXiv:1502.03167. PyTorch: nn.BatchNorm1d.
#include "core/layers/channels.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { lowerBatchNorm(l, 2, 3, "N, C or N, C, L"); }

}  // namespace

LayerSpec batchNorm1d() {
  return LayerSpec{"batch_norm1d", "BatchNorm1d", Category::Normalization}
      .describe("Brings every feature, or every channel of a sequence, to mean 0 and variance 1 over the batch.",
                "y = (x - mean) / √(var + eps) · weight + bias")
      .torch("nn.BatchNorm1d")
      .named("bn")
      .alias({"batch normalization of features"})
      .param(inferredParam("num_features").withDoc("Features, or channels of the sequence; told by the wire."))
      .param(floatParam("eps", 1e-5).min(0).withDoc("Added to the variance for stability."))
      .param(floatParam("momentum", 0.1).min(0).max(1).withDoc("Share of the newest batch in the running averages."))
      .param(boolParam("affine", true).withDoc("Learn a scale and an offset for each channel."))
      .param(boolParam("track_running_stats", true).withDoc("Keep running averages for evaluation."))
      .input("x", "(N, C) or (N, C, L)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
