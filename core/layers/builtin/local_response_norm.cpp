// SPDX-License-Identifier: Apache-2.0
// LocalResponseNorm, CrossMapLRN2d: y_c = x_c / (k + alpha / size Σ x_c'²)^beta, the sum over `size` neighbouring
// channels. x (N, C, *) -> y as x. Krizhevsky et al. 2012. PyTorch: nn.LocalResponseNorm, in whose steps both are
// computed.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 3, 8, "N, C, *")) return;
  const int64_t size = l.get<int64_t>("size");
  const Shape& shape = x.type().shape;
  // As an image of one channel whose rows are the channels: (N, 1, C, everything else).
  const Value squares = l.op("mul.Tensor", {x.id, x.id});
  const Value rows = l.op("flatten.using_ints", {squares.id, Dim(2), Dim(-1)});
  const Value image = l.op("unsqueeze", {rows.id, Dim(1)});
  const Value padded = l.op(
      "pad", {image.id, Shape{Dim(0), Dim(0), Dim(size / 2), Dim((size - 1) / 2)}, std::string("constant"), None{}});
  const Value mean = l.op("avg_pool2d", {padded.id, Shape{Dim(size), Dim(1)}, Shape{Dim(1), Dim(1)}});
  Value flat = l.op("squeeze.dim", {mean.id, Dim(1)});
  if (shape.size() > 3) flat = l.op("unflatten.int", {flat.id, Dim(2), Shape(shape.begin() + 2, shape.end())});
  const Value scaled =
      l.op("add.Scalar", {l.op("mul.Scalar", {flat.id, l.get<double>("alpha")}).id, l.get<double>("k")});
  l.output("y", l.op("div.Tensor", {x.id, l.op("pow.Tensor_Scalar", {scaled.id, l.get<double>("beta")}).id}));
}

LayerSpec norm(const char* id, const char* title) {
  return LayerSpec{id, title, Category::Normalization}
      .describe("Lets strong channels dampen their neighbours, as AlexNet did.",
                "y = x / (k + alpha · mean of x² over neighbours)^beta")
      .torch(std::string("nn.") + title, 1)
      .named("norm")
      .alias({"lrn", "alexnet", "lateral inhibition"})
      .describedIn("Krizhevsky et al. 2012, ImageNet classification with deep convolutional neural networks")
      .param(intParam("size", 5).min(1).withDoc("How many neighbouring channels count.").asMain())
      .param(floatParam("alpha", 1e-4).withDoc("Weight of the neighbours."))
      .param(floatParam("beta", 0.75).withDoc("Exponent."))
      .param(floatParam("k", 1).withDoc("Added before the power."))
      .input("x", "(N, C, *)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace

std::vector<LayerSpec> localResponseNorm() {
  return {norm("local_response_norm", "LocalResponseNorm"), norm("cross_map_lrn2d", "CrossMapLRN2d")};
}

}  // namespace netwright::layers
