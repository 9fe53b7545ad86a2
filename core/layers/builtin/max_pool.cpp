// SPDX-License-Identifier: Apache-2.0
// MaxPool1d, MaxPool2d, MaxPool3d: the largest value of each window. x (N, C, *) -> y (N, C, *'), sizes as a
// convolution's; padding "same": ceil(size / stride). With return_indices also where in its channel each value was
// found, for MaxUnpool. PyTorch: nn.MaxPool2d, which has no "same".
#include "core/layers/pooling.h"

namespace netwright::layers {
namespace {

template <int dims>
void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, dims + 2, dims + 2, kForms[dims])) return;
  static const std::string kPlain = inDims("max_pool", dims), kIndexed = kPlain + "_with_indices";
  const auto windows = windowsOf(l, x, l.ints("dilation"));
  if (!windows) return;
  const std::vector<Argument> arguments{
      x.id, l.ints("kernel_size"), strideOf(l), windows->padding, l.ints("dilation"), windows->ceilMode};
  if (!l.get<bool>("return_indices")) return l.output("y", trimmed(l, l.op(kPlain.c_str(), arguments), *windows));
  const std::vector<Value> results = l.results(kIndexed.c_str(), arguments);
  l.output("y", trimmed(l, results[0], *windows));
  l.output("indices", trimmed(l, results[1], *windows));
}

LayerSpec pool(int dims, void (*lowering)(Lowering&)) {
  const std::string title = "MaxPool" + std::to_string(dims) + "d";
  LayerSpec layer =
      LayerSpec{inDims("max_pool", dims), title, Category::Pooling}
          .describe("Shrinks " + std::string(kSamples[static_cast<size_t>(dims)]) +
                        " by keeping the largest value of each window.",
                    "y = max over the window of x")
          .torch("nn." + title, 1)
          .keras("layers.MaxPooling" + std::to_string(dims) + "D")
          .named("pool")
          .alias({"max pooling", "pool", "downsample"})
          .param(sizesParam("kernel_size", dims, 2).min(1).withDoc("Size of the window.").asMain())
          .param(strideParam(dims))
          .param(poolPaddingParam(dims).withDoc(
              "Margin added on each side, at most half of kernel_size; never chosen as maximum. same: as much as the "
              "size divided by the stride needs."))
          .param(sizesParam("dilation", dims, 1).min(1).withDoc("Distance between the points of a window."))
          .param(boolParam("return_indices", false)
                     .withDoc("Tell where each largest value was: a second output, for MaxUnpool."))
          .param(
              boolParam("ceil_mode", false).withDoc("Round the output size up, so that a last, partial window counts."))
          .input("x", form(dims))
          .output("y", kResults[static_cast<size_t>(dims)])
          .outputWhen("return_indices", "indices", "int64, as y")
          .lowering(lowering);
  if (dims == 2) layer.migrates([](Attributes& params) { params["return_indices"] = false; });
  return layer;
}

}  // namespace

std::vector<LayerSpec> maxPool() { return {pool(1, lower<1>), pool(2, lower<2>), pool(3, lower<3>)}; }

}  // namespace netwright::layers
