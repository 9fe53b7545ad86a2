// SPDX-License-Identifier: Apache-2.0
// Values chosen by indices, by conditions or by their place: gather, scatter, where, masked fill, one-hot, triangles,
// parts. The batch, dimension 0, stays. PyTorch: torch.gather and so on.
#include "core/layers/not_batch.h"
#include "core/layers/op_name.h"

namespace netwright::layers {
namespace {

constexpr int64_t kNothingIgnored = 0;  // a legal index anyway

bool batchStays(Lowering& l, const Value& x) {
  return checkNotBatch(l, "dim", l.get<int64_t>("dim"), static_cast<int64_t>(x.rank()), 1);
}
Dim sizeAlong(const Lowering& l, const Value& x) { return x.dim(static_cast<int>(l.get<int64_t>("dim"))); }

void gather(Lowering& l) {
  const Value x = l.input("x"), index = l.input("index");
  if (!batchStays(l, x)) return;
  const Value y = l.op("gather", {x.id, Dim(l.get<int64_t>("dim")), index.id});
  if (y) l.guardIndex(index, sizeAlong(l, x), kNothingIgnored, "NW-D014");
  l.output("y", y);
}
template <OpName op>
void scatter(Lowering& l) {
  const Value x = l.input("x"), index = l.input("index");
  if (!batchStays(l, x)) return;
  const Value y = l.op(op.text, {x.id, Dim(l.get<int64_t>("dim")), index.id, l.input("src").id});
  if (y) l.guardIndex(index, sizeAlong(l, x), kNothingIgnored, "NW-D014");
  l.output("y", y);
}
void where(Lowering& l) {
  l.output("y", l.op("where.self", {l.input("condition").id, l.input("a").id, l.input("b").id}));
}
void maskedFill(Lowering& l) {
  l.output("y", l.op("masked_fill.Scalar", {l.input("x").id, l.input("mask").id, l.get<double>("value")}));
}
// Steps that hold the filler only become zeros and are marked.
void masking(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 3, 8, "N, L, features")) return;
  const Value differs = l.op("ne.Scalar", {x.id, l.get<double>("mask_value")});
  const Value mask = l.op("any.dim", {differs.id, Dim(-1), false});
  const Value kept = l.op("any.dim", {differs.id, Dim(-1), true});
  l.output("y", l.op("mul.Tensor", {x.id, kept.id}));
  l.output("mask", mask);
}
template <OpName op>
void triangle(Lowering& l) {
  const Value x = l.input("x");
  if (l.requireRank(x, 3, 8, "N, *, H, W")) l.output("y", l.op(op.text, {x.id, Dim(l.get<int64_t>("diagonal"))}));
}
void oneHot(Lowering& l) {
  const Value x = l.input("x");
  const int64_t classes = l.get<int64_t>("num_classes");
  const Value hot = l.op("one_hot", {x.id, Dim(classes)});
  if (!hot) return;
  l.guardIndex(x, Dim(classes), kNothingIgnored, "NW-D014");
  l.output("y", l.op("to.dtype", {hot.id, DType::DefaultFloat}));
}
void select(Lowering& l) {
  const Value x = l.input("x");
  if (batchStays(l, x))
    l.output("y", l.op("select.int", {x.id, Dim(l.get<int64_t>("dim")), Dim(l.get<int64_t>("index"))}));
}
void slice(Lowering& l) {
  const Value x = l.input("x");
  const auto bound = [&](const char* param) {
    return l.isNone(param) ? Argument(None{}) : Argument(Dim(l.get<int64_t>(param)));
  };
  if (batchStays(l, x))
    l.output("y", l.op("slice.Tensor",
                       {x.id, Dim(l.get<int64_t>("dim")), bound("start"), bound("end"), Dim(l.get<int64_t>("step"))}));
}

LayerSpec layer(const char* id, const char* title, const char* torch, const char* sentence, const char* formula,
                std::vector<std::string> aliases, void (*lowering)(Lowering&)) {
  return LayerSpec{id, title, Category::Selection}
      .describe(sentence, formula)
      .torch(torch)
      .named(id)
      .alias(std::move(aliases))
      .lowering(lowering);
}
ParamSpec dim() {
  return intParam("dim", 1).withDoc("Along which dimension; 1 is the first after the batch.").asMain();
}
ParamSpec diagonal() {
  return intParam("diagonal", 0)
      .withDoc("0: the main diagonal belongs to it; 1: from the one above on; -1: from the one below on.")
      .asMain();
}

}  // namespace

std::vector<LayerSpec> choosing() {
  return {
      layer("gather", "Gather", "torch.gather", "Takes the values at given places along a dimension.",
            "y[n, i] = x[n, index[n, i]]", {"lookup", "take along", "index"}, gather)
          .param(dim())
          .input("x", "(N, *)")
          .input("index", "int64, as x but for dim")
          .output("y", "as index"),
      layer("scatter", "Scatter", "torch.scatter", "Puts values to given places along a dimension; the rest stays.",
            "y[n, index[n, i]] = src[n, i]", {"put", "index"}, scatter<"scatter.src">)
          .param(dim())
          .input("x", "(N, *)")
          .input("index", "int64, as x but for dim")
          .input("src", "as index")
          .output("y", "as x"),
      layer("scatter_add", "Scatter add", "torch.scatter_add", "Adds values at given places along a dimension.",
            "y[n, index[n, i]] += src[n, i]", {"histogram", "sum by group", "index"}, scatter<"scatter_add">)
          .param(dim())
          .input("x", "(N, *)")
          .input("index", "int64, as x but for dim")
          .input("src", "as index")
          .output("y", "as x"),
      layer("where", "Where", "torch.where", "Takes values from one tensor where a condition holds, else from another.",
            "y = a where condition, else b", {"if", "choose", "condition", "mask"}, where)
          .input("condition", "bool, any")
          .input("a", "broadcastable")
          .input("b", "broadcastable")
          .output("y", "broadcast of all"),
      layer("masked_fill", "Masked fill", "torch.masked_fill", "Replaces values by a number where a condition holds.",
            "y = value where mask, else x", {"mask", "hide", "condition"}, maskedFill)
          .param(floatParam("value", 0).withDoc("What is put there.").asMain())
          .input("x", "any")
          .input("mask", "bool, broadcastable")
          .output("y", "broadcast of x and mask"),
      layer("masking", "Masking", "",
            "Marks the steps of a sequence that hold more than filler, and turns the others to zero.",
            "mask[n, i] = any(x[n, i] ≠ mask_value)", {"padding", "variable length", "keras"}, masking)
          .keras("layers.Masking")
          .param(floatParam("mask_value", 0).withDoc("The filler.").asMain())
          .input("x", "(N, L, features)")
          .output("y", "as x")
          .output("mask", "bool (N, L)"),
      layer("tril", "Lower triangle", "torch.tril", "Keeps what is on and below a diagonal of the last two dimensions.",
            "y[i, j] = x[i, j] for j ≤ i + diagonal, else 0", {"causal", "mask", "triangle"}, triangle<"tril">)
          .param(diagonal())
          .input("x", "(N, *, H, W)")
          .output("y", "as x"),
      layer("triu", "Upper triangle", "torch.triu", "Keeps what is on and above a diagonal of the last two dimensions.",
            "y[i, j] = x[i, j] for j ≥ i + diagonal, else 0", {"causal", "mask", "triangle"}, triangle<"triu">)
          .param(diagonal())
          .input("x", "(N, *, H, W)")
          .output("y", "as x"),
      layer("one_hot", "OneHot", "torch.nn.functional.one_hot",
            "Turns class numbers into vectors that are 1 at the class and 0 elsewhere.",
            "y[.., c] = 1 where x = c, else 0", {"dummy variables", "category", "encoding"}, oneHot)
          .keras("ops.one_hot")
          .param(intParam("num_classes", 10).min(1).withDoc("How many classes.").asMain())
          .input("x", "int64, any")
          .output("y", "(*, num_classes)"),
      layer("select", "Select", "torch.select",
            "Takes one entry along a dimension: the last step of a sequence, one channel.", "y = x[:, index]",
            {"last step", "index", "pick"}, select)
          .param(dim())
          .param(intParam("index", -1).withDoc("Which; -1 is the last.").asMain())
          .input("x", "(N, *)")
          .output("y", "x without dim"),
      layer("slice", "Slice", "", "Takes a part along a dimension, in steps; negative bounds count from the end.",
            "y = x[:, start:end:step]", {"crop", "part", "stride", "narrow", "subsample"}, slice)
          .param(dim())
          .param(intParam("start", 0).noneByDefault().withDoc("The first; none: from the beginning."))
          .param(intParam("end", 0).noneByDefault().withDoc("The first that is left out; none: to the end."))
          .param(intParam("step", 1).min(1).withDoc("Every how many."))
          .input("x", "(N, *)")
          .output("y", "x, shorter along dim")};
}

}  // namespace netwright::layers
