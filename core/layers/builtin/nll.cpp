// SPDX-License-Identifier: Apache-2.0
// Negative log likelihood: loss = -input[target]. input (N, C) or (N, C, *), target (N) or (N, *) with class numbers.
// PyTorch: nn.NLLLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { lowerClassLoss(l, "nll_loss_nd", {}); }

}  // namespace

LayerSpec nll() {
  return LayerSpec{"nll", "Negative log likelihood", Category::Loss}
      .describe("For classification with a network that ends in logarithms of probabilities.", "loss = -input[target]")
      .torch("nn.NLLLoss")
      .named("loss")
      .alias({"negative log likelihood", "classification loss"})
      .param(floatListParam("weight", {})
                 .min(0)
                 .withDoc("How much each class counts, one number for each; empty: all alike."))
      .param(intParam("ignore_index", -100).withDoc("Samples with this label do not count."))
      .param(reductionParam())
      .migrates([](Attributes& params) { params["reduction"] = std::string("mean"); })
      .input("input", "(N, C)")
      .input("target", "int64 (N,)")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
