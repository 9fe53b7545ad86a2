// SPDX-License-Identifier: Apache-2.0
// SqueezeExcite: weighs the channels by what the whole image holds: y = x σ(fc2 act(fc1 mean x)). x (N, C, H, W) ->
// y as x. Weights are those of torchvision.ops.SqueezeExcitation. Hu et al. 2017, arXiv:1709.01507. PyTorch has no
// module for it.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 4, 4, "N, C, H, W")) return;
  const int64_t channels = l.inferred("in_channels", x.dim(1), "NW-S004"), inner = l.get<int64_t>("squeeze_channels");
  if (!l.diagnostics.empty()) return;
  const auto conv = [&](const Value& v, const std::string& slot, int64_t out, int64_t in) {
    const Value weight = l.parameter((slot + ".weight").c_str(), {out, in, 1, 1}, init::kaimingUniform(in)),
                bias = l.parameter((slot + ".bias").c_str(), {out}, init::fanInUniform(in));
    return l.op("conv2d", {v.id, weight.id, bias.id});
  };
  const Value mean = l.op("adaptive_avg_pool2d", {x.id, Shape{Dim(1), Dim(1)}});
  const Value inside = l.op(l.get<std::string>("activation").c_str(), {conv(mean, "fc1", inner, channels).id});
  const Value gate = l.op("sigmoid", {conv(inside, "fc2", channels, inner).id});
  l.output("y", l.op("mul.Tensor", {x.id, gate.id}));
}

}  // namespace

LayerSpec squeezeExcite() {
  return LayerSpec{"squeeze_excite", "SqueezeExcite", Category::Convolution}
      .describe("Lets the network turn channels up and down by what the whole image shows.",
                "y = x · σ(W₂ act(W₁ mean x))")
      .named("excite")
      .alias({"se", "channel attention", "gate"})
      .describedIn("Hu et al. 2017, arXiv:1709.01507")
      .param(inferredParam("in_channels").withDoc("Channels of the input; told by the wire."))
      .param(intParam("squeeze_channels", 4)
                 .min(1)
                 .withDoc("Width of the gate inside: a quarter to a sixteenth of the channels.")
                 .asMain())
      .param(choiceParam("activation", {"relu", "silu"}).withDoc("Inside the gate; silu in EfficientNet."))
      .migrates([](Attributes& params) { params["activation"] = std::string("relu"); })
      .input("x", "(N, C, H, W)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
