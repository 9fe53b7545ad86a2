// SPDX-License-Identifier: Apache-2.0
// Hardshrink: y = x where |x| > lambd, else 0. Any shape. PyTorch: nn.Hardshrink.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("hardshrink", {l.input("x").id, l.get<double>("lambd")})); }

}  // namespace

LayerSpec hardshrink() {
  return LayerSpec{"hardshrink", "Hardshrink", Category::Activation}
      .describe("Keeps what is far from zero and turns the rest to zero.", "y = x where |x| > lambd, else 0")
      .torch("nn.Hardshrink")
      .keras("activations.hard_shrink")
      .named("hardshrink")
      .alias({"threshold", "sparse", "activation"})
      .param(floatParam("lambd", 0.5).min(0).withDoc("How far from zero a value must be to stay."))
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
