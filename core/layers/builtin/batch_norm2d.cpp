// SPDX-License-Identifier: Apache-2.0
// BatchNorm2d: y = (x - mean_c) / sqrt(var_c + eps) * weight + bias, mean and variance over the batch and all positions
// of each channel; running averages of both serve in evaluation. x (N, C, H, W) -> y (N, C, H, W). Ioffe and Szegedy
// 2015, arXiv:1502.03167. PyTorch: nn.BatchNorm2d.
#include "core/layers/channels.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { lowerBatchNorm(l, 4, 4, "N, C, H, W"); }

}  // namespace

LayerSpec batchNorm2d() {
  return LayerSpec{"batch_norm2d", "BatchNorm2d", Category::Normalization}
      .describe("Brings every channel to mean 0 and variance 1 over the batch; networks train faster and more calmly.",
                "y = (x - mean) / √(var + eps) · weight + bias")
      .torch("nn.BatchNorm2d")
      .named("bn")
      .alias({"batch normalization", "norm", "bn"})
      .param(inferredParam("num_features").withDoc("Channels of the image; told by the wire."))
      .param(floatParam("eps", 1e-5).min(0).withDoc("Added to the variance for stability."))
      .param(floatParam("momentum", 0.1).min(0).max(1).withDoc("Share of the newest batch in the running averages."))
      .param(boolParam("affine", true).withDoc("Learn a scale and an offset for each channel."))
      .param(boolParam("track_running_stats", true).withDoc("Keep running averages for evaluation."))
      .input("x", "(N, C, H, W)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
