// SPDX-License-Identifier: Apache-2.0
// LPPool1d, LPPool2d, LPPool3d: y = (sum over the window of x^p)^(1/p). p = 1 is a sum, a large p comes close to the
// maximum. x (N, C, *) -> y (N, C, *'). PyTorch: nn.LPPool2d, in whose very steps it is computed.
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

template <int dims>
void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, dims + 2, dims + 2, kForms[dims])) return;
  const double p = l.get<double>("norm_type");
  static const std::string kOp = inDims("avg_pool", dims);
  const Value powers = l.op("pow.Tensor_Scalar", {x.id, p});
  const Value mean =
      l.op(kOp.c_str(), {powers.id, l.ints("kernel_size"), strideOf(l), Shape(dims, Dim(0)), l.get<bool>("ceil_mode")});
  const Value size = l.op("relu", {l.op("abs", {mean.id}).id});
  const Value kept = l.op("mul.Tensor", {l.op("sign", {mean.id}).id, size.id});
  const Value sum = l.op("mul.Scalar", {kept.id, product(l.ints("kernel_size"))});
  l.output("y", l.op("pow.Tensor_Scalar", {sum.id, 1.0 / p}));
}

LayerSpec pool(int dims, void (*lowering)(Lowering&)) {
  const std::string title = "LPPool" + std::to_string(dims) + "d";
  return LayerSpec{inDims("lp_pool", dims), title, Category::Pooling}
      .describe("Shrinks " + std::string(kSamples[static_cast<size_t>(dims)]) +
                    " by the power mean of each window: between a sum and a maximum.",
                "y = (Σ over the window of xᵖ)^(1/p)")
      .torch("nn." + title, 2)
      .named("pool")
      .alias({"power average pooling", "downsample"})
      .param(floatParam("norm_type", 2)
                 .above(0)
                 .withDoc("The power p; 1 sums, large numbers come close to the maximum.")
                 .asMain())
      .param(sizesParam("kernel_size", dims, 2).min(1).withDoc("Size of the window.").asMain())
      .param(strideParam(dims))
      .param(boolParam("ceil_mode", false).withDoc("Round the output size up, so that a last, partial window counts."))
      .input("x", form(dims))
      .output("y", kResults[static_cast<size_t>(dims)])
      .lowering(lowering);
}

}  // namespace

std::vector<LayerSpec> lpPool() { return {pool(1, lower<1>), pool(2, lower<2>), pool(3, lower<3>)}; }

}  // namespace netwright::layers
