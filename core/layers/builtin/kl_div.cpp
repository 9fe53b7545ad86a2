// SPDX-License-Identifier: Apache-2.0
// KL divergence: loss = mean of t · (log t - x). PyTorch: nn.KLDivLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

// batchmean: the sum over everything but the samples, whose mean is the mathematical divergence.
void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  const std::string reduction = l.get<std::string>("reduction");
  const bool batch = reduction == "batchmean";
  Value loss =
      l.op("kl_div", {output.id, target.id, batch ? Argument(Dim(0)) : reductionOf(l), l.get<bool>("log_target")});
  if (batch && loss && loss.rank() > 1) {
    Shape dims;
    for (size_t i = 1; i < loss.rank(); ++i) dims.emplace_back(static_cast<int64_t>(i));
    loss = l.op("sum.dim_IntList", {loss.id, dims});
  }
  l.output("loss", batch ? l.op("mean", {loss.id}) : loss);
}

}  // namespace

LayerSpec klDiv() {
  return LayerSpec{"kl_div", "KL divergence", Category::Loss}
      .describe("How far a distribution is from a wanted one. Takes logarithms of probabilities.",
                "loss = mean of t · (log t - x)")
      .torch("nn.KLDivLoss")
      .keras("losses.KLDivergence")
      .named("loss")
      .alias({"kullback-leibler", "distillation", "distribution", "relative entropy"})
      .param(boolParam("log_target", false).withDoc("The target holds logarithms of probabilities too."))
      .param(
          choiceParam("reduction", {"mean", "batchmean", "sum", "none"})
              .withDoc(
                  "How the values become one: batchmean is the mathematical divergence, mean divides by all values."))
      .input("input", "any, logarithms")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
