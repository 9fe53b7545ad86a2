// SPDX-License-Identifier: Apache-2.0
// Poisson NLL: loss = mean of exp x - t · x. PyTorch: nn.PoissonNLLLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value output = l.input("input"), target = alignedTarget(l, output, l.input("target"));
  l.output("loss", l.op("poisson_nll_loss", {output.id, target.id, l.get<bool>("log_input"), l.get<bool>("full"),
                                             l.get<double>("eps"), reductionOf(l)}));
}

}  // namespace

LayerSpec poissonNll() {
  return LayerSpec{"poisson_nll", "Poisson NLL", Category::Loss}
      .describe("For predicting counts: how many events there will be.", "loss = mean of exp x - t · x")
      .torch("nn.PoissonNLLLoss")
      .keras("losses.Poisson")
      .named("loss")
      .alias({"counts", "regression loss", "rate"})
      .param(boolParam("log_input", true).withDoc("The input is the logarithm of the expected count."))
      .param(boolParam("full", false).withDoc("Add Stirling's term, which does not change gradients."))
      .param(
          floatParam("eps", 1e-8).above(0).withDoc("Added to the input before its logarithm, where log_input is off."))
      .param(reductionParam())
      .input("input", "any")
      .input("target", "float, as input")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
