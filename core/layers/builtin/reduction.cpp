// SPDX-License-Identifier: Apache-2.0
// Many values made into one along dimensions: sum, product, largest, variance, norm and so on. x (N, *) -> y without
// dim, or with size 1 there if keepdim. The batch, dimension 0, stays. PyTorch: torch.sum and so on.
#include "core/layers/lowering.h"
#include "core/layers/not_batch.h"
#include "core/layers/op_name.h"

namespace netwright::layers {
namespace {

bool batchStays(Lowering& l) {
  for (const Dim& d : l.ints("dim"))
    if (!checkNotBatch(l, "dim", d.constant().value(), static_cast<int64_t>(l.input("x").rank()), -1)) return false;
  return true;
}

template <OpName op>
void overDims(Lowering& l) {
  if (batchStays(l)) l.output("y", l.op(op.text, {l.input("x").id, l.ints("dim"), l.get<bool>("keepdim")}));
}
template <OpName op>
void overOne(Lowering& l) {
  if (batchStays(l))
    l.output("y", l.op(op.text, {l.input("x").id, Dim(l.get<int64_t>("dim")), l.get<bool>("keepdim")}));
}
template <OpName op>
void withPlaces(Lowering& l) {
  if (!batchStays(l)) return;
  const std::vector<Value> r =
      l.results(op.text, {l.input("x").id, Dim(l.get<int64_t>("dim")), l.get<bool>("keepdim")});
  l.output("values", r[0]);
  l.output("indices", r[1]);
}
template <OpName op>
void spread(Lowering& l) {
  if (batchStays(l))
    l.output("y", l.op(op.text,
                       {l.input("x").id, l.ints("dim"), Dim(l.get<int64_t>("correction")), l.get<bool>("keepdim")}));
}
void norm(Lowering& l) {
  if (batchStays(l))
    l.output("y", l.op("linalg_vector_norm",
                       {l.input("x").id, l.get<double>("ord"), l.ints("dim"), l.get<bool>("keepdim")}));
}

LayerSpec layer(const char* id, const char* title, const char* torch, const char* sentence, const char* formula,
                std::vector<std::string> aliases) {
  return LayerSpec{id, title, Category::Reduction}
      .describe(sentence, formula)
      .torch(std::string("torch.") + torch)
      .named(id)
      .alias(std::move(aliases));
}
ParamSpec keepdim() { return boolParam("keepdim", false).withDoc("Keep the dimension with size 1."); }
LayerSpec ofDims(LayerSpec layer, void (*lowering)(Lowering&)) {
  return layer.param(intListParam("dim", {-1}).withDoc("Dimensions that go; -1 is the last, the batch stays.").asMain())
      .param(keepdim())
      .input("x", "(N, *)")
      .output("y", "x without dim")
      .lowering(lowering);
}
LayerSpec ofOne(LayerSpec layer, void (*lowering)(Lowering&), bool places = false) {
  layer.param(intParam("dim", -1).withDoc("Dimension that goes; -1 is the last, the batch stays.").asMain())
      .param(keepdim())
      .input("x", "(N, *)")
      .output(places ? "values" : "y", "x without dim")
      .lowering(lowering);
  if (places) layer.output("indices", "int64, as values");
  return layer;
}
ParamSpec correction() {
  return intParam("correction", 1).min(0).withDoc("1: of a sample of all values; 0: of all values.");
}

}  // namespace

std::vector<LayerSpec> reduction() {
  return {ofDims(layer("sum", "Sum", "sum", "Adds up the values along dimensions.", "y = Σ x", {"total", "reduce"}),
                 overDims<"sum.dim_IntList">),
          ofDims(layer("mean", "Mean", "mean", "The mean of the values along dimensions.", "y = mean x",
                       {"average", "reduce", "pool"}),
                 overDims<"mean.dim">),
          ofOne(layer("prod", "Product", "prod", "Multiplies the values along a dimension.", "y = Π x", {"reduce"}),
                overOne<"prod.dim_int">),
          ofDims(layer("amax", "Max", "amax", "The largest value along dimensions; equal ones share the gradient.",
                       "y = max x", {"largest", "reduce", "pool"}),
                 overDims<"amax">),
          ofDims(layer("amin", "Min", "amin", "The smallest value along dimensions; equal ones share the gradient.",
                       "y = min x", {"smallest", "reduce"}),
                 overDims<"amin">),
          ofOne(layer("max", "Max with index", "max", "The largest value along a dimension, and where it is.",
                      "y = max x", {"largest", "argmax"}),
                withPlaces<"max.dim">, true),
          ofOne(layer("min", "Min with index", "min", "The smallest value along a dimension, and where it is.",
                      "y = min x", {"smallest", "argmin"}),
                withPlaces<"min.dim">, true),
          ofOne(layer("median", "Median", "median",
                      "The middle value along a dimension, the lower of two, and where it is.", "y = median x",
                      {"middle", "robust"}),
                withPlaces<"median.dim">, true),
          ofOne(layer("argmax", "Argmax", "argmax",
                      "Where the largest value along a dimension is: the class of scores. Has no gradient.",
                      "y = argmax x", {"class", "decision", "index"}),
                overOne<"argmax">),
          ofOne(layer("argmin", "Argmin", "argmin", "Where the smallest value along a dimension is. Has no gradient.",
                      "y = argmin x", {"nearest", "index"}),
                overOne<"argmin">),
          ofDims(layer("var", "Variance", "var", "The variance along dimensions.",
                       "y = Σ (x - mean)² / (n - correction)", {"spread", "statistics"})
                     .param(correction()),
                 spread<"var.correction">),
          ofDims(layer("std", "Standard deviation", "std", "The standard deviation along dimensions.", "y = √variance",
                       {"spread", "statistics"})
                     .param(correction()),
                 spread<"std.correction">),
          ofDims(layer("norm", "Norm", "linalg.vector_norm", "The length of vectors along dimensions.",
                       "y = (Σ |x|ᵒʳᵈ)^(1/ord)", {"length", "l2", "euclidean", "magnitude"})
                     .param(floatParam("ord", 2).withDoc("2: the usual length; 1: the sum of sizes.")),
                 norm),
          ofDims(layer("logsumexp", "Logsumexp", "logsumexp",
                       "The logarithm of the sum of exponentials, without overflow: a smooth maximum.",
                       "y = log Σ exp x", {"smooth maximum"}),
                 overDims<"logsumexp">),
          ofOne(layer("any", "Any", "any", "True where at least one value along a dimension is true, or not zero.",
                      "y = ∨ x", {"condition", "or"}),
                overOne<"any.dim">),
          ofOne(layer("all", "All", "all", "True where all values along a dimension are true, or not zero.", "y = ∧ x",
                      {"condition", "and"}),
                overOne<"all.dim">)};
}

}  // namespace netwright::layers
