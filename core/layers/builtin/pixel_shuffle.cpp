// SPDX-License-Identifier: Apache-2.0
// PixelShuffle: (N, C r², H, W) -> (N, C, H r, W r), and PixelUnshuffle back. Shi et al. 2016, arXiv:1609.05158.
// PyTorch: nn.PixelShuffle.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void shuffle(Lowering& l, const char* op, const char* param) {
  const Value x = l.input("x");
  if (l.requireRank(x, 4, 8, "N, *, C, H, W")) l.output("y", l.op(op, {x.id, Dim(l.get<int64_t>(param))}));
}
void larger(Lowering& l) { shuffle(l, "pixel_shuffle", "upscale_factor"); }
void smaller(Lowering& l) { shuffle(l, "pixel_unshuffle", "downscale_factor"); }

}  // namespace

std::vector<LayerSpec> pixelShuffle() {
  return {
      LayerSpec{"pixel_shuffle", "PixelShuffle", Category::Shape}
          .describe("Turns channels into pixels: an image r times as large with r² times fewer channels.",
                    "y[c, r·i + a, r·j + b] = x[c·r² + a·r + b, i, j]")
          .torch("nn.PixelShuffle", 1)
          .keras("ops.image (depth to space)")
          .named("shuffle")
          .alias({"sub-pixel convolution", "super-resolution", "depth to space", "upsample"})
          .describedIn("Shi et al. 2016, arXiv:1609.05158")
          .param(intParam("upscale_factor", 2).min(1).withDoc("How many times larger: r.").asMain())
          .input("x", "(N, C·r², H, W)")
          .output("y", "(N, C, H·r, W·r)")
          .lowering(larger),
      LayerSpec{"pixel_unshuffle", "PixelUnshuffle", Category::Shape}
          .describe("Turns pixels into channels: an image r times smaller with r² times the channels; nothing is lost.",
                    "the way back from a PixelShuffle")
          .torch("nn.PixelUnshuffle", 1)
          .named("unshuffle")
          .alias({"space to depth", "downsample"})
          .param(intParam("downscale_factor", 2).min(1).withDoc("How many times smaller: r.").asMain())
          .input("x", "(N, C, H·r, W·r)")
          .output("y", "(N, C·r², H, W)")
          .lowering(smaller)};
}

}  // namespace netwright::layers
