// SPDX-License-Identifier: Apache-2.0
// Embedding: a learned vector for each index: y = weight[x]. x int64 (*) -> y (*, embedding_dim). The row padding_idx
// begins as zeros and is not trained. PyTorch: nn.Embedding.
#include <fmt/format.h>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

// The row's number, negative ones counted from the end; -1 if there is none or it does not exist.
int64_t paddingRow(Lowering& l, int64_t count) {
  if (l.isNone("padding_idx")) return -1;
  const int64_t given = l.get<int64_t>("padding_idx");
  if (!l.check(given >= -count && given < count, "NW-P001", "padding_idx",
               {{"param", "padding_idx"},
                {"problem", fmt::format("must be from {} to {} but is {}", -count, count - 1, given)}}))
    return -1;
  return given < 0 ? given + count : given;
}

Initialiser start(int64_t paddingRow) {
  Initialiser steps = init::normal(0, 1);
  if (paddingRow < 0) return steps;
  steps.push_back(init::zeros().front());
  steps.back().row = paddingRow;
  return steps;
}

void lower(Lowering& l) {
  const Value x = l.input("x");
  const int64_t count = l.get<int64_t>("num_embeddings"), padding = paddingRow(l, count);
  const Value weight = l.parameter("weight", {count, l.get<int64_t>("embedding_dim")}, start(padding));
  constexpr int64_t kNothingIgnored = 0;  // a legal index anyway
  const bool shortens = !l.isNone("max_norm");
  if (shortens && l.op("embedding_renorm_", {weight.id, x.id, l.get<double>("max_norm"), l.get<double>("norm_type")}))
    l.guardIndex(x, Dim(count), kNothingIgnored, "NW-D011");
  const Value y = l.op("embedding", {weight.id, x.id, Dim(padding), l.get<bool>("scale_grad_by_freq")});
  if (y && !shortens) l.guardIndex(x, Dim(count), kNothingIgnored, "NW-D011");
  l.output("y", y);
}

}  // namespace

LayerSpec embedding() {
  ParamSpec padding =
      intParam("padding_idx", 0)
          .orNone()
          .withDoc("Index of the filler: its vector begins as zeros and is not trained. None: every index is trained.");
  padding.fallback = None{};
  return LayerSpec{"embedding", "Embedding", Category::Sequence}
      .describe("Looks up a learned vector for each index: the way words and other symbols enter a network.",
                "y = weight[x]")
      .torch("nn.Embedding", 2)
      .keras("layers.Embedding")
      .named("embedding")
      .alias({"lookup", "word vectors", "table", "token", "vocabulary"})
      .param(intParam("num_embeddings", 1000).min(1).withDoc("How many indices there are: the size of the vocabulary."))
      .param(intParam("embedding_dim", 64).min(1).withDoc("Length of each vector.").asMain())
      .param(padding)
      .param(floatParam("max_norm", 1)
                 .above(0)
                 .noneByDefault()
                 .withDoc("Vectors that are looked up are shortened to this length first; none: they stay."))
      .param(floatParam("norm_type", 2).withDoc("Of which norm max_norm is: the p of Σ|v|ᵖ."))
      .param(
          boolParam("scale_grad_by_freq", false).withDoc("Divide gradients by how often an index occurs in the batch."))
      .param(boolParam("sparse", false)
                 .withDoc("As in PyTorch, for exports; here gradients are dense, with the same values."))
      .migrates([](Attributes& params) { params["scale_grad_by_freq"] = false; })
      .migrates([](Attributes& params) {
        params["max_norm"] = None{};
        params["norm_type"] = 2.0;
        params["sparse"] = false;
      })
      .input("x", "int64 (*)")
      .output("y", "(*, embedding_dim)")
      .lowering(lower);
}

}  // namespace netwright::layers
