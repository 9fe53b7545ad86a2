// SPDX-License-Identifier: Apache-2.0
// LogSigmoid: y = log(1 / (1 + exp(-x))). Any shape. PyTorch: nn.LogSigmoid.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("log_sigmoid", {l.input("x").id})); }

}  // namespace

LayerSpec logSigmoid() {
  return LayerSpec{"log_sigmoid", "LogSigmoid", Category::Activation}
      .describe("The logarithm of a sigmoid, exact for large negative values.", "y = log(1 / (1 + exp(-x)))")
      .torch("nn.LogSigmoid")
      .keras("activations.log_sigmoid")
      .named("log_sigmoid")
      .alias({"log probability", "activation"})
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
