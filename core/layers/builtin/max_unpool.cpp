// SPDX-License-Identifier: Apache-2.0
// MaxUnpool1d, MaxUnpool2d, MaxUnpool3d: the way back from a max pooling: each value to where its index says, zeros
// elsewhere. x and indices (N, C, *) -> y (N, C, *'), each size (size - 1) stride - 2 padding + kernel_size. PyTorch:
// nn.MaxUnpool2d.
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

// One dimension more, since a sequence is unpooled as an image of one column.
Value widened(Lowering& l, const Value& x) { return l.op("unsqueeze", {x.id, Dim(-1)}); }

template <int dims>
void lower(Lowering& l) {
  const Value x = l.input("x"), indices = l.input("indices");
  if (!l.requireRank(x, dims + 2, dims + 2, kForms[dims]) || !l.requireRank(indices, dims + 2, dims + 2, kForms[dims]))
    return;
  const Shape kernel = l.ints("kernel_size"), stride = strideOf(l), padding = l.ints("padding");
  Shape sizes;
  for (size_t i = 0; i < dims; ++i)
    sizes.push_back((x.dim(static_cast<int>(i) + 2) - Dim(1)) * stride[i] - Dim(2) * padding[i] + kernel[i]);
  Value y;
  if constexpr (dims == 1) {
    const Value wide = l.op("max_unpool2d", {widened(l, x).id, widened(l, indices).id, Shape{sizes[0], Dim(1)}});
    y = l.op("squeeze.dim", {wide.id, Dim(-1)});
  } else if constexpr (dims == 2) {
    y = l.op("max_unpool2d", {x.id, indices.id, sizes});
  } else {
    y = l.op("max_unpool3d", {x.id, indices.id, sizes, stride, padding});
  }
  constexpr int64_t kNothingIgnored = 0;  // a legal index anyway
  if (y) l.guardIndex(indices, product(sizes), kNothingIgnored, "NW-D012");
  l.output("y", y);
}

LayerSpec unpool(int dims, void (*lowering)(Lowering&)) {
  const std::string title = "MaxUnpool" + std::to_string(dims) + "d";
  return LayerSpec{inDims("max_unpool", dims), title, Category::Pooling}
      .describe("Enlarges what a max pooling has shrunk: values go back to where they were, the rest is zero.",
                "y[indices] = x")
      .torch("nn." + title, 1)
      .named("unpool")
      .alias({"unpooling", "upsample", "decoder"})
      .param(sizesParam("kernel_size", dims, 2).min(1).withDoc("As of the pooling.").asMain())
      .param(strideParam(dims))
      .param(sizesParam("padding", dims, 0).min(0).withDoc("As of the pooling."))
      .input("x", form(dims))
      .input("indices", "int64, as x")
      .output("y", kResults[static_cast<size_t>(dims)])
      .lowering(lowering);
}

}  // namespace

std::vector<LayerSpec> maxUnpool() { return {unpool(1, lower<1>), unpool(2, lower<2>), unpool(3, lower<3>)}; }

}  // namespace netwright::layers
