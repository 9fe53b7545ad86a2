// SPDX-License-Identifier: Apache-2.0
// Identity: y = x. Any shape. PyTorch: nn.Identity.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.input("x")); }

}  // namespace

LayerSpec identity() {
  return LayerSpec{"identity", "Identity", Category::Shape}
      .describe("Passes everything on as it is.", "y = x")
      .torch("nn.Identity")
      .keras("layers.Identity")
      .named("identity")
      .alias({"nothing", "placeholder", "pass through"})
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
