// SPDX-License-Identifier: Apache-2.0
// Add: y = a + b, with broadcasting. The way to build a residual connection. PyTorch: torch.add.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("add.Tensor", {l.input("a").id, l.input("b").id, Dim(1)})); }

}  // namespace

LayerSpec add() {
  return LayerSpec{"add", "Add", Category::Combine}
      .describe("Adds two tensors; a shortcut around layers (a residual connection) ends in one.", "y = a + b")
      .torch("torch.add")
      .named("add")
      .alias({"plus", "sum", "residual", "skip", "torch.add"})
      .input("a", "any")
      .input("b", "as a, or broadcastable")
      .output("y", "broadcast of a and b")
      .lowering(lower);
}

}  // namespace netwright::layers
