// SPDX-License-Identifier: Apache-2.0
// Linear cross entropy: loss = -log softmax(W x + b)[target]. PyTorch: nn.LinearCrossEntropyLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x"), target = l.input("target");
  if (!l.requireRank(x, 2, 2, "N, features")) return;
  const int64_t in = l.inferred("in_features", x.dim(1), "NW-S003"), classes = l.get<int64_t>("num_classes");
  if (!l.diagnostics.empty()) return;
  const Value weight = l.parameter("linear.weight", {classes, in}, init::kaimingUniform(in)),
              bias = l.parameterIf("bias", "linear.bias", {classes}, init::fanInUniform(in));
  const Value scores = l.op("linear", {x.id, weight.id, Lowering::optional(bias)});
  const int64_t ignore = l.get<int64_t>("ignore_index");
  const Value loss = l.op("cross_entropy_loss", {scores.id, target.id, weightsOf(l, "weight"), reductionOf(l),
                                                 Dim(ignore), l.get<double>("label_smoothing")});
  if (loss) l.guardIndex(target, Dim(classes), ignore);
  l.output("loss", loss);
}

}  // namespace

LayerSpec linearCrossEntropy() {
  return LayerSpec{"linear_cross_entropy", "Linear cross entropy", Category::Loss}
      .describe("A Linear layer and a cross entropy in one.", "loss = -log softmax(W x + b)[target]")
      .torch("nn.LinearCrossEntropyLoss", 2)
      .named("loss")
      .alias({"classification loss", "language model head"})
      .param(inferredParam("in_features").withDoc("Features of the input; told by the wire."))
      .param(intParam("num_classes", 10).min(1).withDoc("How many classes.").asMain())
      .param(boolParam("bias", false).withDoc("Learn an offset for each class."))
      .param(floatListParam("weight", {})
                 .min(0)
                 .withDoc("How much each class counts, one number for each; empty: all alike."))
      .param(intParam("ignore_index", -100).withDoc("Samples with this label do not count."))
      .param(floatParam("label_smoothing", 0)
                 .min(0)
                 .max(1)
                 .withDoc("Share of the target that is spread over all classes."))
      .param(reductionParam())
      .input("x", "(N, in_features)")
      .input("target", "int64 (N,)")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
