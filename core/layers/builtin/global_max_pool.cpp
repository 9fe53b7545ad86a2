// SPDX-License-Identifier: Apache-2.0
// GlobalMaxPool: the largest value of each channel over all positions. x (N, C, *) -> y (N, C). PyTorch has no module
// for it.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 3, 8, "N, C, *")) return;
  Shape dims;
  for (size_t i = 2; i < x.rank(); ++i) dims.emplace_back(static_cast<int64_t>(i));
  l.output("y", l.op("amax", {x.id, dims, l.get<bool>("keepdim")}));
}

}  // namespace

LayerSpec globalMaxPool() {
  return LayerSpec{"global_max_pool", "GlobalMaxPool", Category::Pooling}
      .describe("Keeps the largest value of each channel, whatever the size.", "y[n, c] = max of x[n, c]")
      .keras("layers.GlobalMaxPooling2D")
      .named("pool")
      .alias({"global pooling", "gap", "reduce"})
      .param(boolParam("keepdim", false).withDoc("Keep the dimensions with size 1."))
      .input("x", "(N, C, *)")
      .output("y", "(N, C)")
      .lowering(lower);
}

}  // namespace netwright::layers
