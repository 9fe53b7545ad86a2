// SPDX-License-Identifier: Apache-2.0
// Identity: y = x. Any shape. PyTorch: nn.Identity. Reroute: the same as a dot that a wire goes through.
#include "core/layers/lowering.h"
#include "core/layers/reroute.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.input("x")); }

}  // namespace

std::vector<LayerSpec> identity() {
  return {LayerSpec{"identity", "Identity", Category::Shape}
              .describe("Passes everything on as it is.", "y = x")
              .torch("nn.Identity")
              .keras("layers.Identity")
              .named("identity")
              .alias({"nothing", "placeholder", "pass through"})
              .input("x", "any")
              .output("y", "as x")
              .lowering(lower),
          LayerSpec{kReroute, "Reroute", Category::InputOutput}
              .describe("A dot that a wire goes through: leads wires around, or gathers them.", "y = x")
              .named("dot")
              .alias({"dot", "pin", "waypoint", "wire"})
              .input("x", "any")
              .output("y", "as x")
              .lowering(lower)};
}

}  // namespace netwright::layers
