// SPDX-License-Identifier: Apache-2.0
// CrossEntropy: -log softmax(input)[target], mean over the samples. input (N, C) or (N, C, *), target (N) or (N, *)
// with class numbers -> loss (). PyTorch: nn.CrossEntropyLoss.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

constexpr int64_t kMean = 1;  // at::Reduction::Mean

void lower(Lowering& l) {
  const Value scores = l.input("input"), target = l.input("target");
  const int64_t ignore = l.get<int64_t>("ignore_index");
  const Value loss = l.op("cross_entropy_loss",
                          {scores.id, target.id, None{}, Dim(kMean), Dim(ignore), l.get<double>("label_smoothing")});
  if (loss) l.guardIndex(target, scores.dim(1), ignore);
  l.output("loss", loss);
}

}  // namespace

LayerSpec crossEntropy() {
  return LayerSpec{"cross_entropy", "Cross entropy", Category::Loss}
      .describe("For classification: how surprised the network is by the right class. Takes scores, not probabilities.",
                "loss = -log softmax(input)[target]")
      .torch("nn.CrossEntropyLoss")
      .named("loss")
      .alias({"log loss", "classification loss", "softmax loss"})
      .param(intParam("ignore_index", -100).withDoc("Samples with this label do not count."))
      .param(floatParam("label_smoothing", 0)
                 .min(0)
                 .max(1)
                 .withDoc("Share of the target that is spread over all classes."))
      .input("input", "(N, C)")
      .input("target", "int64 (N,)")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
