// SPDX-License-Identifier: Apache-2.0
// Multiply: y = a · b, element by element, with broadcasting. Gates and attention weights end in one. PyTorch:
// torch.mul.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("mul.Tensor", {l.input("a").id, l.input("b").id})); }

}  // namespace

LayerSpec multiply() {
  return LayerSpec{"multiply", "Multiply", Category::Combine}
      .describe("Multiplies two tensors element by element: one lets the other through or holds it back.", "y = a · b")
      .torch("torch.mul")
      .named("multiply")
      .alias({"times", "product", "mul", "gate", "torch.mul"})
      .input("a", "any")
      .input("b", "as a, or broadcastable")
      .output("y", "broadcast of a and b")
      .lowering(lower);
}

}  // namespace netwright::layers
