// SPDX-License-Identifier: Apache-2.0
// ChannelShuffle: y = x with channel g·k + i at i·groups + g. x (N, C, *). Zhang et al. 2017, arXiv:1707.01083.
// PyTorch: nn.ChannelShuffle.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (l.requireRank(x, 3, 8, "N, C, *")) l.output("y", l.op("channel_shuffle", {x.id, Dim(l.get<int64_t>("groups"))}));
}

}  // namespace

LayerSpec channelShuffle() {
  return LayerSpec{"channel_shuffle", "ChannelShuffle", Category::Shape}
      .describe("Mixes the channels of groups, so that grouped convolutions see each other.",
                "y = x with channel g·k + i at i·groups + g")
      .torch("nn.ChannelShuffle", 1)
      .named("shuffle")
      .alias({"shufflenet", "mix", "groups"})
      .describedIn("Zhang et al. 2017, arXiv:1707.01083")
      .param(intParam("groups", 2).min(1).withDoc("How many groups; must divide the channels.").asMain())
      .input("x", "(N, C, *)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
