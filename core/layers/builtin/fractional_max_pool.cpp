// SPDX-License-Identifier: Apache-2.0
// FractionalMaxPool2d, FractionalMaxPool3d: largest values of windows at random places, for output sizes that are no
// whole fraction. x (N, C, *) -> y (N, C, *output_size). The places are drawn in training and in evaluation, as PyTorch
// does. Graham 2014, arXiv:1412.6071. PyTorch: nn.FractionalMaxPool2d.
#include <cmath>

#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

// The output's size from output_size or output_ratio; nothing after a complaint.
template <int dims>
std::optional<Shape> outputSize(Lowering& l, const Value& x) {
  const bool size = !l.isNone("output_size"), ratio = !l.isNone("output_ratio");
  if (!l.check(size != ratio, "NW-P001", "output_size",
               {{"param", "output_size"}, {"problem", "or output_ratio must be given, and not both"}}))
    return std::nullopt;
  if (size) return l.ints("output_size");
  std::vector<double> ratios = numbers(l.node().params.at("output_ratio")).value();
  if (ratios.size() == 1) ratios.assign(dims, ratios[0]);
  if (!l.check(ratios.size() == dims, "NW-P001", "output_ratio",
               {{"param", "output_ratio"}, {"problem", "must be one number or one for each dimension"}}))
    return std::nullopt;
  Shape out;
  for (int i = 0; i < dims; ++i) {
    const auto known = x.dim(i + 2).constant();
    if (!l.check(
            known.has_value(), "NW-P001", "output_ratio",
            {{"param", "output_ratio"}, {"problem", "needs a known size, but the wire's is " + x.dim(i + 2).text()}}))
      return std::nullopt;
    out.emplace_back(static_cast<int64_t>(static_cast<double>(*known) * ratios[static_cast<size_t>(i)]));
  }
  return out;
}

template <int dims>
void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, dims + 2, dims + 2, kForms[dims])) return;
  const auto size = outputSize<dims>(l, x);
  if (!size) return;
  static const std::string kOp = inDims("fractional_max_pool", dims);
  const Value places = l.op("new_zeros", {x.id, Shape{x.dim(0), x.dim(1), Dim(dims)}});
  const Value samples = l.op("rand_like", {places.id});
  const std::vector<Value> results = l.results(kOp.c_str(), {x.id, l.ints("kernel_size"), *size, samples.id});
  l.output("y", results[0]);
  if (l.get<bool>("return_indices")) l.output("indices", results[1]);
}

LayerSpec pool(int dims, void (*lowering)(Lowering&)) {
  const std::string title = "FractionalMaxPool" + std::to_string(dims) + "d";
  return LayerSpec{inDims("fractional_max_pool", dims), title, Category::Pooling}
      .describe("Shrinks by any factor, keeping the largest values of windows at random places.",
                "y = max over windows whose places are drawn for each sample and channel")
      .torch("nn." + title, 1)
      .named("pool")
      .alias({"fractional pooling", "downsample"})
      .describedIn("Graham 2014, arXiv:1412.6071")
      .param(sizesParam("kernel_size", dims, 2).min(1).withDoc("Size of the windows.").asMain())
      .param(sizesParam("output_size", dims, 1).min(1).noneByDefault().withDoc("Size of the output."))
      .param(floatListParam("output_ratio", {0.5})
                 .above(0)
                 .max(1)
                 .orNone()
                 .withDoc("Size of the output as a share of the input's: one number, or one for each dimension."))
      .param(boolParam("return_indices", false).withDoc("Tell where each largest value was: a second output."))
      .input("x", form(dims))
      .output("y", kResults[static_cast<size_t>(dims)])
      .outputWhen("return_indices", "indices", "int64, as y")
      .lowering(lowering);
}

}  // namespace

std::vector<LayerSpec> fractionalMaxPool() { return {pool(2, lower<2>), pool(3, lower<3>)}; }

}  // namespace netwright::layers
