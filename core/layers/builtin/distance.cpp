// SPDX-License-Identifier: Apache-2.0
// CosineSimilarity: x1 · x2 / (|x1| |x2|) along dim. PairwiseDistance: the p-norm of x1 - x2 + eps over the last
// dimension. x1 and x2 alike or broadcastable. PyTorch: nn.CosineSimilarity, nn.PairwiseDistance.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void cosine(Lowering& l) {
  l.output("y", l.op("cosine_similarity",
                     {l.input("x1").id, l.input("x2").id, Dim(l.get<int64_t>("dim")), l.get<double>("eps")}));
}
void pairwise(Lowering& l) {
  l.output("y", l.op("pairwise_distance", {l.input("x1").id, l.input("x2").id, l.get<double>("p"), l.get<double>("eps"),
                                           l.get<bool>("keepdim")}));
}

}  // namespace

std::vector<LayerSpec> distance() {
  return {
      LayerSpec{"cosine_similarity", "CosineSimilarity", Category::Combine}
          .describe("Tells how alike the directions of two vectors are: 1 alike, 0 at right angles, -1 opposite.",
                    "y = x1 · x2 / (|x1| · |x2|)")
          .torch("nn.CosineSimilarity")
          .keras("ops.dot of normalized vectors")
          .named("similarity")
          .alias({"similarity", "angle", "siamese", "retrieval"})
          .param(intParam("dim", 1).withDoc("Dimension that holds the vectors.").asMain())
          .param(floatParam("eps", 1e-8).min(0).withDoc("Least length, against division by zero."))
          .input("x1", "any")
          .input("x2", "as x1, or broadcastable")
          .output("y", "x1 without dim")
          .lowering(cosine),
      LayerSpec{"pairwise_distance", "PairwiseDistance", Category::Combine}
          .describe("Tells how far two vectors lie apart.", "y = (Σ |x1 - x2 + eps|ᵖ)^(1/p)")
          .torch("nn.PairwiseDistance")
          .named("distance")
          .alias({"euclidean", "siamese", "norm"})
          .param(floatParam("p", 2).withDoc("The norm.").asMain())
          .param(floatParam("eps", 1e-6).withDoc("Added to each difference, against division by zero on the way back."))
          .param(boolParam("keepdim", false).withDoc("Keep the last dimension with size 1."))
          .input("x1", "(N, D)")
          .input("x2", "as x1, or broadcastable")
          .output("y", "(N,)")
          .lowering(pairwise)};
}

}  // namespace netwright::layers
