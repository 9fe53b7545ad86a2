// SPDX-License-Identifier: Apache-2.0
// Cross entropy: loss = -log softmax(input)[target]. Mean over the samples that count, weighted by their classes;
// input (N, C) or (N, C, *), target (N) or (N, *) with class numbers. PyTorch: nn.CrossEntropyLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { lowerClassLoss(l, "cross_entropy_loss", {l.get<double>("label_smoothing")}); }

}  // namespace

LayerSpec crossEntropy() {
  return LayerSpec{"cross_entropy", "Cross entropy", Category::Loss}
      .describe("For classification: how surprised the network is by the right class. Takes scores, not probabilities.",
                "loss = -log softmax(input)[target]")
      .torch("nn.CrossEntropyLoss")
      .keras("losses.SparseCategoricalCrossentropy(from_logits=True)")
      .named("loss")
      .alias({"log loss", "classification loss", "softmax loss"})
      .param(floatListParam("weight", {})
                 .min(0)
                 .withDoc("How much each class counts, one number for each; empty: all alike."))
      .param(intParam("ignore_index", -100).withDoc("Samples with this label do not count."))
      .param(floatParam("label_smoothing", 0)
                 .min(0)
                 .max(1)
                 .withDoc("Share of the target that is spread over all classes."))
      .param(reductionParam())
      .migrates([](Attributes& params) { params["weight"] = std::vector<double>{}; })
      .migrates([](Attributes& params) { params["reduction"] = std::string("mean"); })
      .input("input", "(N, C)")
      .input("target", "int64 (N,)")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
