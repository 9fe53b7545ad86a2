// SPDX-License-Identifier: Apache-2.0
// MeanPool: the mean along one dimension, for example over the words of a sentence. x (N, L, C) -> y (N, C) with dim 1.
// PyTorch: torch.mean.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  const auto rank = static_cast<int64_t>(x.rank()), dim = l.get<int64_t>("dim");
  if (!l.check(dim != 0 && dim != -rank, "NW-P001", "dim",
               {{"param", "dim"}, {"problem", "must not be the batch, dimension 0: samples would mix"}},
               {{"Set dim to 1", {SetParamStep{l.node().id, "dim", int64_t{1}}}}}))
    return;
  l.output("y", l.op("mean.dim", {x.id, Shape{Dim(dim)}, l.get<bool>("keepdim"), None{}}));
}

}  // namespace

LayerSpec meanPool() {
  return LayerSpec{"mean_pool", "MeanPool", Category::Pooling}
      .describe(
          "Replaces a dimension by its mean: a sentence becomes one vector, an image one number for each channel.",
          "y = mean of x along dim")
      .named("mean")
      .alias({"average", "global average pooling", "mean", "reduce", "torch.mean"})
      .param(intParam("dim", 1).withDoc("Dimension that goes; 1 is the first after the batch, -1 the last.").asMain())
      .param(boolParam("keepdim", false).withDoc("Keep the dimension, with size 1."))
      .input("x", "(N, *)")
      .output("y", "x without dim")
      .lowering(lower);
}

}  // namespace netwright::layers
