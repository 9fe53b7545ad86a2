// SPDX-License-Identifier: Apache-2.0
// Gaussian NLL: loss = mean of (log var + (input - target)² / var) / 2. Nix and Weigend 1994, Estimating the mean and
// variance of the target probability distribution. PyTorch: nn.GaussianNLLLoss.
#include <cmath>
#include <numbers>

#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value mean = l.input("input"), target = alignedTarget(l, mean, l.input("target")), given = l.input("var");
  // Bounded from below without a trace in the gradient, as PyTorch has it: var + (clamp(var) - var), the second part
  // constant.
  const Value bounded = l.op("clamp", {given.id, l.get<double>("eps")});
  const Value more = l.op("detach", {l.op("sub.Tensor", {bounded.id, given.id}).id});
  const Value variance = l.op("add.Tensor", {given.id, more.id});
  const Value gap = l.op("sub.Tensor", {mean.id, target.id});
  const Value scaled = l.op("div.Tensor", {l.op("square", {gap.id}).id, variance.id});
  Value loss = l.op("mul.Scalar", {l.op("add.Tensor", {l.op("log", {variance.id}).id, scaled.id}).id, 0.5});
  if (l.get<bool>("full")) loss = l.op("add.Scalar", {loss.id, 0.5 * std::log(2 * std::numbers::pi)});
  l.output("loss", reducedLoss(l, loss));
}

}  // namespace

LayerSpec gaussianNll() {
  return LayerSpec{"gaussian_nll", "Gaussian NLL", Category::Loss}
      .describe("For predicting numbers together with how sure the network is: it gives a mean and a variance.",
                "loss = mean of (log var + (input - target)² / var) / 2")
      .torch("nn.GaussianNLLLoss")
      .named("loss")
      .alias({"uncertainty", "variance", "regression loss"})
      .describedIn("Nix and Weigend 1994, Estimating the mean and variance of the target probability distribution")
      .param(boolParam("full", false).withDoc("Add the constant log(2π) / 2."))
      .param(floatParam("eps", 1e-6).above(0).withDoc("Least variance."))
      .param(reductionParam())
      .input("input", "any")
      .input("target", "float, as input")
      .input("var", "as input, positive")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
