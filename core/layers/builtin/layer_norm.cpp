// SPDX-License-Identifier: Apache-2.0
// LayerNorm: y = (x - mean) / sqrt(var + eps) * weight + bias, mean and variance over the last dimensions of each
// sample. x (*, normalized_shape) -> y as x. Ba, Kiros and Hinton 2016, arXiv:1607.06450. PyTorch: nn.LayerNorm.
#include <algorithm>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

// What normalized_shape says, or the last dimension; nothing after a complaint.
Shape normalizedShape(Lowering& l, const Value& x) {
  const Shape given = l.isNone("normalized_shape") ? Shape{} : l.ints("normalized_shape");
  if (!given.empty()) return given;
  const auto last = x.dim(-1).constant();
  if (!l.check(last.has_value(), "NW-P001", "normalized_shape",
               {{"param", "normalized_shape"},
                {"problem", "must be fixed numbers, but the wire's size is " + x.dim(-1).text()}}))
    return {};
  l.inferredValues["normalized_shape"] = *last;
  return {Dim(*last)};
}

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 8, "N, *, features")) return;
  const Shape over = normalizedShape(l, x), &in = x.type().shape;
  if (over.empty()) return;
  const size_t count = std::min(over.size(), in.size() - 1);  // the batch stays out
  const Shape end(in.end() - static_cast<std::ptrdiff_t>(count), in.end());
  bool same = count == over.size();
  for (size_t i = 0; same && i < count; ++i) same = over[i].equals(end[i]) != program::Answer::No;
  if (!l.check(same, "NW-S022", "normalized_shape",
               {{"expected", program::text(over)}, {"received", program::text(end)}},
               {{"Let " + l.node().name + " take the last dimension, " + end.back().text(),
                 {SetParamStep{l.node().id, "normalized_shape", None{}}}}}))
    return;
  const bool affine = l.get<bool>("elementwise_affine");
  Value weight, bias;
  if (affine) weight = l.parameter("weight", over, init::ones());
  if (affine) bias = l.parameterIf("bias", "bias", over, init::zeros());
  l.output("y", l.op("layer_norm",
                     {x.id, over, Lowering::optional(weight), Lowering::optional(bias), l.get<double>("eps"), true}));
}

}  // namespace

LayerSpec layerNorm() {
  ParamSpec shape = intListParam("normalized_shape", {})
                        .min(1)
                        .orNone()
                        .withDoc(
                            "Sizes of the last dimensions that are brought to mean 0 together; none: the last one, as "
                            "the wire tells.");
  shape.fallback = None{};
  return LayerSpec{"layer_norm", "LayerNorm", Category::Normalization}
      .describe("Brings the features of every sample to mean 0 and variance 1, whatever the others in the batch are.",
                "y = (x - mean) / √(var + eps) · weight + bias")
      .torch("nn.LayerNorm")
      .named("ln")
      .alias({"layer normalization", "ln"})
      .param(shape)
      .param(floatParam("eps", 1e-5).min(0).withDoc("Added to the variance for stability."))
      .param(boolParam("elementwise_affine", true).withDoc("Learn a scale and an offset for each feature."))
      .param(boolParam("bias", true).withDoc("Learn the offset too; without elementwise_affine there is none."))
      .input("x", "(N, *, features)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
