// SPDX-License-Identifier: Apache-2.0
// AdaptiveAvgPool1d to 3d and AdaptiveMaxPool1d to 3d: means or largest values over windows chosen so that the output
// has output_size. x (N, C, *) -> y (N, C, *output_size). PyTorch: nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d.
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

// -1 keeps the size of the input. Nothing after a complaint.
Shape sizes(Lowering& l, const Value& x) {
  Shape all = l.ints("output_size");
  for (size_t i = 0; i < all.size(); ++i) {
    if (!l.check(!(all[i] == Dim(0)), "NW-P001", "output_size",
                 {{"param", "output_size"}, {"problem", "must be at least 1, or -1, which keeps a size"}}))
      return {};
    if (all[i] == Dim(-1)) all[i] = x.dim(static_cast<int>(i) + 2);
  }
  return all;
}

template <int dims>
void lowerAverage(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, dims + 2, dims + 2, kForms[dims])) return;
  static const std::string kOp = inDims("adaptive_avg_pool", dims);
  l.output("y", l.op(kOp.c_str(), {x.id, sizes(l, x)}));
}

template <int dims>
void lowerMax(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, dims + 2, dims + 2, kForms[dims])) return;
  static const std::string kOp = inDims("adaptive_max_pool", dims);
  const std::vector<Value> results = l.results(kOp.c_str(), {x.id, sizes(l, x)});
  l.output("y", results[0]);
  if (l.get<bool>("return_indices")) l.output("indices", results[1]);
}

LayerSpec pool(const char* stem, const std::string& title, int dims, const std::string& what,
               void (*lowering)(Lowering&)) {
  return LayerSpec{inDims(stem, dims), title, Category::Pooling}
      .describe("Brings " + std::string(kSamples[static_cast<size_t>(dims)]) + " of any size to a fixed one by " +
                    what + "; 1 keeps one number for each channel.",
                "y[i] = " + std::string(what == "means" ? "mean" : "max") +
                    " of x over ⌊iS/S'⌋ to ⌈(i+1)S/S'⌉, in each dimension")
      .torch("nn." + title, 1)
      .named("pool")
      .param(sizesParam("output_size", dims, 1)
                 .min(-1)
                 .withDoc("Size of the output; -1 keeps that of the input (None in PyTorch).")
                 .asMain())
      .input("x", form(dims))
      .output("y", "(N, C, *output_size)")
      .lowering(lowering);
}
LayerSpec average(int dims, void (*lowering)(Lowering&)) {
  return pool("adaptive_avg_pool", "AdaptiveAvgPool" + std::to_string(dims) + "d", dims, "means", lowering)
      .keras("layers.GlobalAveragePooling" + std::to_string(dims) + "D (for output_size 1)")
      .alias({"global average pooling", "gap", "adaptive pooling"});
}
LayerSpec largest(int dims, void (*lowering)(Lowering&)) {
  return pool("adaptive_max_pool", "AdaptiveMaxPool" + std::to_string(dims) + "d", dims, "largest values", lowering)
      .keras("layers.GlobalMaxPooling" + std::to_string(dims) + "D (for output_size 1)")
      .alias({"global max pooling", "adaptive pooling"})
      .param(boolParam("return_indices", false).withDoc("Tell where each largest value was: a second output."))
      .outputWhen("return_indices", "indices", "int64, as y");
}

}  // namespace

std::vector<LayerSpec> adaptivePool() {
  return {average(1, lowerAverage<1>), average(2, lowerAverage<2>), average(3, lowerAverage<3>),
          largest(1, lowerMax<1>),     largest(2, lowerMax<2>),     largest(3, lowerMax<3>)};
}

}  // namespace netwright::layers
