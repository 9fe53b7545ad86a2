// SPDX-License-Identifier: Apache-2.0
// Cosine embedding: loss = 1 - cos for t = 1, max(0, cos - margin) for t = -1. PyTorch: nn.CosineEmbeddingLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  l.output("loss", l.op("cosine_embedding_loss", {l.input("input1").id, l.input("input2").id, l.input("target").id,
                                                  l.get<double>("margin"), reductionOf(l)}));
}

}  // namespace

LayerSpec cosineEmbedding() {
  return LayerSpec{"cosine_embedding", "Cosine embedding", Category::Loss}
      .describe("For pairs of vectors: alike where the target is 1, different where it is -1.",
                "loss = 1 - cos for t = 1, max(0, cos - margin) for t = -1")
      .torch("nn.CosineEmbeddingLoss")
      .keras("losses.CosineSimilarity")
      .named("loss")
      .alias({"siamese", "similarity", "metric learning"})
      .param(floatParam("margin", 0).min(-1).max(1).withDoc("How alike unlike pairs may be."))
      .param(reductionParam())
      .input("input1", "(N, D)")
      .input("input2", "(N, D)")
      .input("target", "(N,), 1 or -1")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
