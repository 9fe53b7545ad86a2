// SPDX-License-Identifier: Apache-2.0
// BCE with logits: loss = mean -(t log σ(x) + (1 - t) log(1 - σ(x))). input and target alike; a target (N) is read as
// (N, 1) where the output is (N, 1), and the other way round. PyTorch: nn.BCEWithLogitsLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  l.output("loss", l.op("binary_cross_entropy_with_logits",
                        {output.id, target.id, weightsOf(l, "weight"), weightsOf(l, "pos_weight"), reductionOf(l)}));
}

}  // namespace

LayerSpec bceWithLogits() {
  return LayerSpec{"bce_with_logits", "BCE with logits", Category::Loss}
      .describe(
          "For yes-or-no questions, one or several: takes scores, not probabilities, and targets between 0 and 1.",
          "loss = mean -(t log σ(x) + (1 - t) log(1 - σ(x)))")
      .torch("nn.BCEWithLogitsLoss")
      .keras("losses.BinaryCrossentropy(from_logits=True)")
      .named("loss")
      .alias({"binary cross entropy", "sigmoid loss", "multi-label loss"})
      .param(floatListParam("pos_weight", {})
                 .min(0)
                 .withDoc("How much a yes counts, one number for each question (the last dimension); empty: 1."))
      .param(floatListParam("weight", {})
                 .min(0)
                 .withDoc("How much each value counts, one number for each of the last dimension; empty: all alike."))
      .param(reductionParam())
      .migrates([](Attributes& params) {
        params["reduction"] = std::string("mean");
        params["weight"] = std::vector<double>{};
      })
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
