// SPDX-License-Identifier: Apache-2.0
// What runs along one dimension: sums and products so far, sorting, the k largest, reversing, rolling. x (N, *) -> y as
// x. The batch, dimension 0, stays. PyTorch: torch.cumsum and so on.
#include "core/layers/not_batch.h"
#include "core/layers/op_name.h"

namespace netwright::layers {
namespace {

bool batchStays(Lowering& l) {
  return checkNotBatch(l, "dim", l.get<int64_t>("dim"), static_cast<int64_t>(l.input("x").rank()), -1);
}
Dim dimOf(const Lowering& l) { return l.get<int64_t>("dim"); }

template <OpName op>
void sofar(Lowering& l) {
  if (batchStays(l)) l.output("y", l.op(op.text, {l.input("x").id, dimOf(l)}));
}
void give(Lowering& l, const std::vector<Value>& results) {
  l.output("values", results[0]);
  l.output("indices", results[1]);
}
template <OpName op>
void extreme(Lowering& l) {
  if (batchStays(l)) give(l, l.results(op.text, {l.input("x").id, dimOf(l)}));
}
void sort(Lowering& l) {
  if (batchStays(l)) give(l, l.results("sort", {l.input("x").id, dimOf(l), l.get<bool>("descending")}));
}
void argsort(Lowering& l) {
  if (batchStays(l)) l.output("y", l.op("argsort", {l.input("x").id, dimOf(l), l.get<bool>("descending")}));
}
void topk(Lowering& l) {
  if (batchStays(l))
    give(l, l.results("topk", {l.input("x").id, Dim(l.get<int64_t>("k")), dimOf(l), l.get<bool>("largest"),
                               l.get<bool>("sorted")}));
}
void flip(Lowering& l) {
  if (batchStays(l)) l.output("y", l.op("flip", {l.input("x").id, Shape{dimOf(l)}}));
}
void roll(Lowering& l) {
  if (batchStays(l))
    l.output("y", l.op("roll", {l.input("x").id, Shape{Dim(l.get<int64_t>("shifts"))}, Shape{dimOf(l)}}));
}

LayerSpec layer(Category category, const char* id, const char* title, const char* sentence, const char* formula,
                std::vector<std::string> aliases, void (*lowering)(Lowering&)) {
  return LayerSpec{id, title, category}
      .describe(sentence, formula)
      .torch(std::string("torch.") + id)
      .named(id)
      .alias(std::move(aliases))
      .param(intParam("dim", -1).withDoc("Along which dimension; -1 is the last, the batch stays.").asMain())
      .input("x", "(N, *)")
      .lowering(lowering);
}
LayerSpec pair(LayerSpec layer, const char* form = "as x") {
  return layer.output("values", form).output("indices", "int64, as values");
}

}  // namespace

std::vector<LayerSpec> along() {
  constexpr Category kSums = Category::Reduction, kOrder = Category::Selection;
  const auto descending = boolParam("descending", false).withDoc("The largest first.");
  return {layer(kSums, "cumsum", "Cumsum", "The sum of all values so far.", "yᵢ = x₁ + … + xᵢ",
                {"running total", "cumulative"}, sofar<"cumsum">)
              .output("y", "as x"),
          layer(kSums, "cumprod", "Cumprod", "The product of all values so far.", "yᵢ = x₁ · … · xᵢ",
                {"running product", "cumulative"}, sofar<"cumprod">)
              .output("y", "as x"),
          layer(kSums, "logcumsumexp", "Logcumsumexp", "The logarithm of the sum of exponentials so far.",
                "yᵢ = log(eˣ¹ + … + eˣⁱ)", {"cumulative"}, sofar<"logcumsumexp">)
              .output("y", "as x"),
          pair(layer(kSums, "cummax", "Cummax", "The largest value so far, and where it was.", "yᵢ = max(x₁ … xᵢ)",
                     {"running maximum", "cumulative"}, extreme<"cummax">)),
          pair(layer(kSums, "cummin", "Cummin", "The smallest value so far, and where it was.", "yᵢ = min(x₁ … xᵢ)",
                     {"running minimum", "cumulative"}, extreme<"cummin">)),
          pair(layer(kOrder, "sort", "Sort", "Brings values into order, and tells where each was.", "y₁ ≤ y₂ ≤ …",
                     {"order", "rank"}, sort)
                   .param(descending)),
          layer(kOrder, "argsort", "Argsort", "Tells where the values are in order. Has no gradient.",
                "x[y₁] ≤ x[y₂] ≤ …", {"order", "rank"}, argsort)
              .param(descending)
              .output("y", "int64, as x"),
          pair(layer(kOrder, "topk", "Topk", "The k largest values, and where they are.", "y = the k largest of x",
                     {"largest", "best", "beam", "experts"}, topk)
                   .param(intParam("k", 1).min(1).withDoc("How many.").asMain())
                   .param(boolParam("largest", true).withDoc("The largest; otherwise the smallest."))
                   .param(boolParam("sorted", true).withDoc("In order.")),
               "x with k along dim"),
          layer(Category::Shape, "flip", "Reverse", "Turns the order around along a dimension.", "yᵢ = xₙ₋ᵢ",
                {"flip", "backwards", "mirror"}, flip)
              .output("y", "as x"),
          layer(Category::Shape, "roll", "Roll",
                "Moves values along a dimension; what falls out at one end comes in at the other.", "yᵢ = xᵢ₋ₛ",
                {"shift", "rotate", "circular", "swin"}, roll)
              .param(intParam("shifts", 1).withDoc("How far.").asMain())
              .output("y", "as x")};
}

}  // namespace netwright::layers
