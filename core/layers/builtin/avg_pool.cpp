// SPDX-License-Identifier: Apache-2.0
// AvgPool1d, AvgPool2d, AvgPool3d: the mean of each window. x (N, C, *) -> y (N, C, *'), sizes as a convolution's;
// padding "same": ceil(size / stride). PyTorch: nn.AvgPool2d, which has no "same".
#include "core/layers/pooling.h"

namespace netwright::layers {
namespace {

template <int dims>
void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, dims + 2, dims + 2, kForms[dims])) return;
  static const std::string kOp = inDims("avg_pool", dims);
  const auto windows = windowsOf(l, x, Shape(dims, Dim(1)));
  if (!windows) return;
  const bool same = std::holds_alternative<std::string>(l.node().params.at("padding"));
  std::vector<Argument> arguments{x.id,
                                  l.ints("kernel_size"),
                                  strideOf(l),
                                  windows->padding,
                                  windows->ceilMode,
                                  !same && l.get<bool>("count_include_pad")};
  if constexpr (dims > 1)
    arguments.push_back(l.isNone("divisor_override") ? Argument(None{})
                                                     : Argument(Dim(l.get<int64_t>("divisor_override"))));
  l.output("y", trimmed(l, l.op(kOp.c_str(), std::move(arguments)), *windows));
}

LayerSpec pool(int dims, void (*lowering)(Lowering&)) {
  const std::string title = "AvgPool" + std::to_string(dims) + "d";
  LayerSpec layer =
      LayerSpec{inDims("avg_pool", dims), title, Category::Pooling}
          .describe(
              "Shrinks " + std::string(kSamples[static_cast<size_t>(dims)]) + " by keeping the mean of each window.",
              "y = mean over the window of x")
          .torch("nn." + title, 1)
          .keras("layers.AveragePooling" + std::to_string(dims) + "D")
          .named("pool")
          .alias({"average pooling", "mean pooling", "downsample"})
          .param(sizesParam("kernel_size", dims, 2).min(1).withDoc("Size of the window.").asMain())
          .param(strideParam(dims))
          .param(poolPaddingParam(dims).withDoc(
              "Zeros added on each side, at most half of kernel_size. same: as much as the size divided by the stride "
              "needs; only values of x are counted."))
          .param(
              boolParam("ceil_mode", false).withDoc("Round the output size up, so that a last, partial window counts."))
          .param(boolParam("count_include_pad", true).withDoc("Count the zeros of the margin when dividing."))
          .input("x", form(dims))
          .output("y", kResults[static_cast<size_t>(dims)])
          .lowering(lowering);
  if (dims > 1)
    layer.param(intParam("divisor_override", 0)
                    .min(1)
                    .noneByDefault()
                    .withDoc("What the sum of a window is divided by; none means its number of values."));
  return layer;
}

}  // namespace

std::vector<LayerSpec> avgPool() { return {pool(1, lower<1>), pool(2, lower<2>), pool(3, lower<3>)}; }

}  // namespace netwright::layers
