// SPDX-License-Identifier: Apache-2.0
// EmbeddingBag: the mean, sum or maximum of the vectors of several indices. x int64 (N, B), a bag of B indices for each
// sample -> y (N, embedding_dim). Indices equal to padding_idx do not count. With mode sum the wire
// per_sample_weights (N, B) weighs the indices. PyTorch: nn.EmbeddingBag with bags of one size.
#include <fmt/format.h>

#include <limits>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

Value reduced(Lowering& l, const char* mode, const Value& vectors, const Value& counts) {
  if (mode == std::string("max")) return l.op("amax", {vectors.id, Shape{Dim(1)}});
  const Value sum = l.op("sum.dim_IntList", {vectors.id, Shape{Dim(1)}});
  return counts ? l.op("div.Tensor", {sum.id, counts.id}) : sum;
}

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 2, "N, indices of a bag")) return;
  const int64_t count = l.get<int64_t>("num_embeddings");
  const std::string mode = l.get<std::string>("mode");
  int64_t padding = l.isNone("padding_idx") ? -1 : l.get<int64_t>("padding_idx");
  if (!l.isNone("padding_idx") && padding < 0) padding += count;
  if (!l.check(l.isNone("padding_idx") || (padding >= 0 && padding < count), "NW-P001", "padding_idx",
               {{"param", "padding_idx"}, {"problem", fmt::format("must be from {} to {}", -count, count - 1)}}) ||
      !l.check(!l.has("per_sample_weights") || mode == "sum", "NW-P001", "mode",
               {{"param", "mode"}, {"problem", "must be sum where the indices have weights"}}) ||
      !l.check(!l.get<bool>("scale_grad_by_freq") || mode != "max", "NW-P001", "scale_grad_by_freq",
               {{"param", "scale_grad_by_freq"}, {"problem", "must be false with mode max"}}))
    return;
  Initialiser start = init::normal(0, 1);
  if (padding >= 0) {
    start.push_back(init::zeros().front());
    start.back().row = padding;
  }
  const Value weight = l.parameter("weight", {count, l.get<int64_t>("embedding_dim")}, start);
  constexpr int64_t kNothingIgnored = 0;  // a legal index anyway
  const bool shortens = !l.isNone("max_norm"), byFrequency = l.get<bool>("scale_grad_by_freq");
  if (shortens && l.op("embedding_renorm_", {weight.id, x.id, l.get<double>("max_norm"), l.get<double>("norm_type")}))
    l.guardIndex(x, Dim(count), kNothingIgnored, "NW-D011");
  Value vectors = l.op("embedding", {weight.id, x.id, Dim(padding), byFrequency});
  if (!vectors) return;
  if (!shortens) l.guardIndex(x, Dim(count), kNothingIgnored, "NW-D011");
  if (l.has("per_sample_weights"))
    vectors = l.op("mul.Tensor", {vectors.id, l.op("unsqueeze", {l.input("per_sample_weights").id, Dim(-1)}).id});
  Value counts;
  if (padding >= 0) {
    const Value filler = l.op("eq.Scalar", {x.id, Dim(padding)}), hidden = l.op("unsqueeze", {filler.id, Dim(-1)});
    const double neutral = mode == "max" ? -std::numeric_limits<double>::infinity() : 0.0;
    vectors = l.op("masked_fill.Scalar", {vectors.id, hidden.id, neutral});
    // A bag of fillers only has the mean 0.
    const Value real = l.op("sum.dim_IntList", {l.op("logical_not", {filler.id}).id, Shape{Dim(1)}, true});
    if (mode == "mean") counts = l.op("clamp", {real.id, Dim(1)});
  } else if (mode == "mean") {
    return l.output("y", l.op("mean.dim", {vectors.id, Shape{Dim(1)}}));
  }
  Value y = reduced(l, mode.c_str(), vectors, counts);
  if (padding >= 0 && mode == "max") {  // the maximum of a bag of fillers is 0
    const Value none = l.op("eq.Scalar", {y.id, -std::numeric_limits<double>::infinity()});
    y = l.op("masked_fill.Scalar", {y.id, none.id, 0.0});
  }
  l.output("y", y);
}

}  // namespace

LayerSpec embeddingBag() {
  return LayerSpec{"embedding_bag", "EmbeddingBag", Category::Sequence}
      .describe(
          "Looks up the vectors of several indices and joins them into one: a bag of words, of which order does not "
          "matter.",
          "y = mean, sum or max of weight[x] over the bag")
      .torch("nn.EmbeddingBag", 2)
      .named("bag")
      .alias({"bag of words", "lookup", "embedding"})
      .param(intParam("num_embeddings", 1000).min(1).withDoc("How many indices there are: the size of the vocabulary."))
      .param(intParam("embedding_dim", 64).min(1).withDoc("Length of each vector.").asMain())
      .param(floatParam("max_norm", 1)
                 .above(0)
                 .noneByDefault()
                 .withDoc("Vectors that are looked up are shortened to this length first; none: they stay."))
      .param(floatParam("norm_type", 2).withDoc("Of which norm max_norm is: the p of Σ|v|ᵖ."))
      .param(boolParam("scale_grad_by_freq", false)
                 .withDoc("Divide gradients by how often an index occurs in the batch; not with mode max."))
      .param(choiceParam("mode", {"mean", "sum", "max"}).withDoc("How the vectors of a bag become one."))
      .param(boolParam("sparse", false)
                 .withDoc("As in PyTorch, for exports; here gradients are dense, with the same values."))
      .param(intParam("padding_idx", 0)
                 .noneByDefault()
                 .withDoc("Index of the filler, which does not count; none: there is none."))
      .input("x", "int64 (N, B)")
      .optionalInput("per_sample_weights", "(N, B), with mode sum")
      .output("y", "(N, embedding_dim)")
      .lowering(lower);
}

}  // namespace netwright::layers
