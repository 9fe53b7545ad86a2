// SPDX-License-Identifier: Apache-2.0
// Conv1d: slides out_channels kernels along a sequence. x (N, C, L) -> y (N, out_channels, L'),
// L' = floor((L + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1. PyTorch: nn.Conv1d.
#include "core/layers/channels.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 3, 3, "N, C, L")) return;
  const int64_t in = l.inferred("in_channels", x.dim(1), "NW-S004");
  const int64_t out = l.get<int64_t>("out_channels"), groups = l.get<int64_t>("groups");
  if (!requireEvenGroups(l, in, out)) return;
  const int64_t kernel = l.get<int64_t>("kernel_size"), fanIn = in / groups * kernel;
  const Value weight = l.parameter("weight", {out, in / groups, kernel}, init::kaimingUniform(fanIn));
  const Value bias = l.parameterIf("bias", "bias", {out}, init::fanInUniform(fanIn));
  l.output("y", l.op("conv1d", {x.id, weight.id, Lowering::optional(bias), l.ints("stride"), l.ints("padding"),
                                l.ints("dilation"), Dim(groups)}));
}

}  // namespace

LayerSpec conv1d() {
  return LayerSpec{"conv1d", "Conv1d", Category::Convolution}
      .describe("Looks for small patterns everywhere in a sequence: sound, sensors, text.",
                "y[n, o] = b[o] + Σ_c w[o, c] ⋆ x[n, c]")
      .torch("nn.Conv1d")
      .named("conv")
      .alias({"temporal convolution", "sequence", "signal"})
      .param(inferredParam("in_channels").withDoc("Channels of the sequence; told by the wire."))
      .param(intParam("out_channels", 32).min(1).withDoc("How many patterns are looked for.").asMain())
      .param(intParam("kernel_size", 3).min(1).withDoc("Length of the patterns.").asMain())
      .param(intParam("stride", 1).min(1).withDoc("Step of the sliding window."))
      .param(intParam("padding", 0).min(0).withDoc("Zeros added at both ends. kernel_size // 2 keeps the length."))
      .param(intParam("dilation", 1).min(1).withDoc("Distance between the points of a kernel."))
      .param(intParam("groups", 1).min(1).withDoc("Splits the channels into groups that are convolved apart."))
      .param(boolParam("bias", true).withDoc("Learn an offset for each output channel."))
      .input("x", "(N, C, L)")
      .output("y", "(N, out_channels, L')")
      .lowering(lower);
}

}  // namespace netwright::layers
