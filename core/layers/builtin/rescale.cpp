// SPDX-License-Identifier: Apache-2.0
// Rescale: y = scale x + offset, two fixed numbers. Any shape. PyTorch has no module for it.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value scaled = l.op("mul.Scalar", {l.input("x").id, l.get<double>("scale")});
  l.output("y", l.op("add.Scalar", {scaled.id, l.get<double>("offset")}));
}

}  // namespace

LayerSpec rescale() {
  return LayerSpec{"rescale", "Rescale", Category::Function}
      .describe("Multiplies by a fixed number and adds another: pixels from 0 to 255 become 0 to 1.",
                "y = scale · x + offset")
      .keras("layers.Rescaling")
      .named("rescale")
      .alias({"normalize", "pixels", "scale"})
      .param(floatParam("scale", 1.0 / 255).withDoc("The factor.").asMain())
      .param(floatParam("offset", 0).withDoc("What is added."))
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
