// SPDX-License-Identifier: Apache-2.0
// Conv1d, Conv2d, Conv3d: slide out_channels kernels over a sequence, an image or a volume. x (N, C, *) -> y (N,
// out_channels, *'), each size floor((size + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1; padding "same":
// ceil(size / stride), the odd pixel at the end. PyTorch: nn.Conv2d, which has "same" for stride 1 only.
#include <algorithm>

#include "core/layers/channels.h"
#include "core/layers/weight.h"
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

// Zeros on both sides alike are the convolution's own business; everything else is padded before it.
template <int dims>
Value convolved(Lowering& l, const Value& x, const Value& weight, const Value& bias) {
  const std::vector<int64_t> kernel = numbersOf(l.ints("kernel_size")), stride = numbersOf(l.ints("stride")),
                             dilation = numbersOf(l.ints("dilation"));
  const auto* word = std::get_if<std::string>(&l.node().params.at("padding"));
  std::vector<Margin> margins;
  for (size_t i = 0; i < dims; ++i) {
    std::optional<Margin> m = Margin{0, 0};
    if (!word) {
      const int64_t given = numbersOf(l.ints("padding"))[i];
      m = Margin{given, given};
    } else if (*word == "same") {
      m = sameMargin(l, x.dim(static_cast<int>(i) + 2), kernel[i], stride[i], dilation[i]);
    }
    if (!m) return {};
    margins.push_back(*m);
  }
  const std::string mode = l.get<std::string>("padding_mode");
  const bool plain = mode == "zeros" &&
                     std::all_of(margins.begin(), margins.end(), [](const Margin& m) { return m.before == m.after; });
  Value padded = x;
  Shape own(dims, Dim(0)), around;
  for (size_t i = 0; i < dims; ++i)
    if (plain)
      own[i] = margins[i].before;
    else
      around.insert(around.begin(), {Dim(margins[i].before), Dim(margins[i].after)});  // the last dimension first
  if (!plain) padded = l.op("pad", {x.id, around, mode == "zeros" ? "constant" : mode, None{}});
  static const std::string kOp = inDims("conv", dims);
  return l.op(kOp.c_str(), {padded.id, weight.id, Lowering::optional(bias), l.ints("stride"), own, l.ints("dilation"),
                            Dim(l.get<int64_t>("groups"))});
}

template <int dims>
void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, dims + 2, dims + 2, kForms[dims])) return;
  const int64_t in = l.inferred("in_channels", x.dim(1), "NW-S004");
  const int64_t out = l.get<int64_t>("out_channels"), groups = l.get<int64_t>("groups");
  if (!requireEvenGroups(l, in, out)) return;
  const Shape kernel = l.ints("kernel_size");
  const int64_t fanIn = in / groups * product(kernel).constant().value();
  Shape sizes{out, in / groups};
  sizes.insert(sizes.end(), kernel.begin(), kernel.end());
  const auto [weight, bias] = weightsOf(l, {sizes, init::kaimingUniform(fanIn), {out}, init::fanInUniform(fanIn)});
  l.output("y", convolved<dims>(l, x, weight, bias));
}

LayerSpec conv(int dims, void (*lowering)(Lowering&)) {
  const std::string title = "Conv" + std::to_string(dims) + "d";
  LayerSpec layer =
      LayerSpec{inDims("conv", dims), title, Category::Convolution}
          .torch("nn." + title, 3)
          .keras("layers.Conv" + std::to_string(dims) + "D")
          .named("conv")
          .param(inferredParam("in_channels").withDoc("Channels of the input; told by the wire."))
          .param(intParam("out_channels", 32).min(1).withDoc("How many patterns are looked for.").asMain())
          .param(sizesParam("kernel_size", dims, 3).min(1).withDoc("Size of the patterns.").asMain())
          .param(sizesParam("stride", dims, 1).min(1).withDoc("Step of the sliding window."))
          .param(sizesParam("padding", dims, 0)
                     .min(0)
                     .orWord({"same", "valid"})
                     .withDoc("Margin added on each side; kernel_size // 2 keeps the size. same: as much as the size "
                              "divided by the stride needs; valid: none."))
          .param(sizesParam("dilation", dims, 1).min(1).withDoc("Distance between the points of a kernel."))
          .param(intParam("groups", 1).min(1).withDoc("Splits the channels into groups that are convolved apart."))
          .param(boolParam("bias", true).withDoc("Learn an offset for each output channel."))
          .param(choiceParam("padding_mode", {"zeros", "reflect", "replicate", "circular"})
                     .withDoc("What the margin is filled with: zeros, a mirror image, the edge, or the other end."))
          .param(parametrizationParam())
          .input("x", form(dims))
          .output("y", dims == 1   ? "(N, out_channels, L')"
                       : dims == 2 ? "(N, out_channels, H', W')"
                                   : "(N, out_channels, D', H', W')")
          .lowering(lowering);
  if (dims < 3) layer.migrates([](Attributes& params) { params["padding_mode"] = std::string("zeros"); });
  return layer.migrates(addParametrization);
}

}  // namespace

std::vector<LayerSpec> conv() {
  return {conv(1, lower<1>)
              .describe("Looks for small patterns everywhere in a sequence: sound, sensors, text.",
                        "y[n, o] = b[o] + Σ_c w[o, c] ⋆ x[n, c]")
              .alias({"temporal convolution", "sequence", "signal"}),
          conv(2, lower<2>)
              .describe("Looks for small patterns everywhere in an image.", "y[n, o] = b[o] + Σ_c w[o, c] ⋆ x[n, c]")
              .alias({"convolution", "conv", "filter"})
              .describedIn("LeCun et al. 1989, Backpropagation applied to handwritten zip code recognition"),
          conv(3, lower<3>)
              .describe("Looks for small patterns everywhere in a volume: scans, video.",
                        "y[n, o] = b[o] + Σ_c w[o, c] ⋆ x[n, c]")
              .alias({"volumetric convolution", "video", "voxels"})};
}

}  // namespace netwright::layers
