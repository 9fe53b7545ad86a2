// SPDX-License-Identifier: Apache-2.0
// Threshold: y = x where x > threshold, else value. Any shape. PyTorch: nn.Threshold.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  l.output("y", l.op("threshold", {l.input("x").id, l.get<double>("threshold"), l.get<double>("value")}));
}

}  // namespace

LayerSpec threshold() {
  return LayerSpec{"threshold", "Threshold", Category::Activation}
      .describe("Replaces what is not above a threshold by a number.", "y = x where x > threshold, else value")
      .torch("nn.Threshold", 2)
      .keras("activations.threshold")
      .named("threshold")
      .alias({"cut", "activation"})
      .param(floatParam("threshold", 0).withDoc("What a value must exceed to stay."))
      .param(floatParam("value", 0).withDoc("What takes the place of the others."))
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
