// SPDX-License-Identifier: Apache-2.0
// Minimize: training lowers weight * x, with the other losses of the objective. x is one number, or becomes one by
// reduction.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const std::string reduction = l.get<std::string>("reduction");
  const Value x = l.input("x"), one = reduction == "none" ? x : l.op(reduction.c_str(), {x.id});
  l.minimize(one, l.get<double>("weight"), l.get<int64_t>("objective"));
}

}  // namespace

LayerSpec minimize() {
  return LayerSpec{"minimize", "Minimize", Category::Loss}
      .describe("Says what training lowers: a loss with a weight, or any number computed from several.",
                "loss = Σ weight · x")
      .named("minimize")
      .alias({"objective", "train", "weighted loss", "sum of losses", "multi-task"})
      .param(
          floatParam("weight", 1).withDoc("How much it counts beside other losses; negative makes x larger.").asMain())
      .param(intParam("objective", 1)
                 .min(1)
                 .max(1000)
                 .withDoc(
                     "Number of the run's objective that lowers it: each has an optimiser and parameters of its own."))
      .param(choiceParam("reduction", {"none", "mean", "sum"})
                 .withDoc("How many values become one; none: it is one number already."))
      .input("x", "(), or any that reduction makes one")
      .lowering(lower);
}

}  // namespace netwright::layers
