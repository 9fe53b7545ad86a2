// SPDX-License-Identifier: Apache-2.0
// Hinge embedding: loss = mean of x for t = 1, max(0, margin - x) for t = -1. PyTorch: nn.HingeEmbeddingLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  l.output("loss", l.op("hinge_embedding_loss", {output.id, target.id, l.get<double>("margin"), reductionOf(l)}));
}

}  // namespace

LayerSpec hingeEmbedding() {
  return LayerSpec{"hinge_embedding", "Hinge embedding", Category::Loss}
      .describe("For distances: small where the target is 1, at least margin where it is -1.",
                "loss = mean of x for t = 1, max(0, margin - x) for t = -1")
      .torch("nn.HingeEmbeddingLoss")
      .named("loss")
      .alias({"similarity", "metric learning"})
      .param(floatParam("margin", 1).withDoc("How far apart unlike pairs should be."))
      .param(reductionParam())
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
