// SPDX-License-Identifier: Apache-2.0
// ConvTranspose1d, ConvTranspose2d, ConvTranspose3d: the gradient of a convolution as a layer, which enlarges. x (N, C,
// *) -> y (N, out_channels, *'), each size (size - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding
// + 1. PyTorch: nn.ConvTranspose2d.
#include "core/layers/channels.h"
#include "core/layers/weight.h"
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

template <int dims>
void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, dims + 2, dims + 2, kForms[dims])) return;
  const int64_t in = l.inferred("in_channels", x.dim(1), "NW-S004");
  const int64_t out = l.get<int64_t>("out_channels"), groups = l.get<int64_t>("groups");
  if (!requireEvenGroups(l, in, out)) return;
  const Shape kernel = l.ints("kernel_size");
  const int64_t fanIn = out / groups * product(kernel).constant().value();  // as PyTorch counts
  Shape sizes{in, out / groups};
  sizes.insert(sizes.end(), kernel.begin(), kernel.end());
  const auto [weight, bias] =
      weightsOf(l, {sizes, init::kaimingUniform(fanIn), {out}, init::fanInUniform(fanIn), true});
  constexpr const char* kOp = dims == 1   ? "conv_transpose1d"
                              : dims == 2 ? "conv_transpose2d.input"
                                          : "conv_transpose3d.input";
  l.output("y", l.op(kOp, {x.id, weight.id, Lowering::optional(bias), l.ints("stride"), l.ints("padding"),
                           l.ints("output_padding"), Dim(groups), l.ints("dilation")}));
}

LayerSpec transposed(int dims, void (*lowering)(Lowering&)) {
  const std::string title = "ConvTranspose" + std::to_string(dims) + "d";
  return LayerSpec{inDims("conv_transpose", dims), title, Category::Convolution}
      .torch("nn." + title, 3)
      .keras("layers.Conv" + std::to_string(dims) + "DTranspose")
      .named("deconv")
      .param(inferredParam("in_channels").withDoc("Channels of the input; told by the wire."))
      .param(intParam("out_channels", 32).min(1).withDoc("Channels of the larger result.").asMain())
      .param(sizesParam("kernel_size", dims, 3).min(1).withDoc("Size of the patterns that are laid down.").asMain())
      .param(sizesParam("stride", dims, 1)
                 .min(1)
                 .withDoc("How many times larger the result gets; 2 with kernel_size 2 doubles it."))
      .param(sizesParam("padding", dims, 0).min(0).withDoc("How much is cut off on each side."))
      .param(sizesParam("output_padding", dims, 0)
                 .min(0)
                 .withDoc("How much is added at the end of each dimension; less than stride or dilation."))
      .param(intParam("groups", 1).min(1).withDoc("Splits the channels into groups that are convolved apart."))
      .param(boolParam("bias", true).withDoc("Learn an offset for each output channel."))
      .param(sizesParam("dilation", dims, 1).min(1).withDoc("Distance between the points of a kernel."))
      .param(parametrizationParam())
      .migrates(addParametrization)
      .input("x", form(dims))
      .output("y", dims == 1   ? "(N, out_channels, L')"
                   : dims == 2 ? "(N, out_channels, H', W')"
                               : "(N, out_channels, D', H', W')")
      .lowering(lowering);
}

}  // namespace

std::vector<LayerSpec> convTranspose() {
  constexpr const char* kFormula = "y[n, o] = b[o] + Σ_c w[c, o] spread by x[n, c]";
  return {
      transposed(1, lower<1>)
          .describe("Lengthens a sequence by laying down a small pattern for every step; the way back from a Conv1d.",
                    kFormula)
          .alias({"deconvolution", "transposed convolution", "upsample", "decoder"}),
      transposed(2, lower<2>)
          .describe("Enlarges an image by laying down a small pattern for every pixel; the way back from a Conv2d.",
                    kFormula)
          .alias({"deconvolution", "transposed convolution", "upsample", "decoder"}),
      transposed(3, lower<3>)
          .describe("Enlarges a volume by laying down a small pattern for every voxel; the way back from a Conv3d.",
                    kFormula)
          .alias({"deconvolution", "transposed convolution", "upsample", "decoder", "voxels"})};
}

}  // namespace netwright::layers
