// SPDX-License-Identifier: Apache-2.0
// Hardtanh: y = min(max(x, min_val), max_val). Any shape. PyTorch: nn.Hardtanh.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const double low = l.get<double>("min_val"), high = l.get<double>("max_val");
  if (!l.check(low < high, "NW-P001", "min_val", {{"param", "min_val"}, {"problem", "must be less than max_val"}}))
    return;
  l.output("y", l.op("hardtanh", {l.input("x").id, low, high}));
}

}  // namespace

LayerSpec hardtanh() {
  return LayerSpec{"hardtanh", "Hardtanh", Category::Activation}
      .describe("Cuts values off below and above.", "y = min(max(x, min_val), max_val)")
      .torch("nn.Hardtanh")
      .keras("activations.hard_tanh")
      .named("hardtanh")
      .alias({"clip", "clamp", "activation"})
      .param(floatParam("min_val", -1).withDoc("The lowest result."))
      .param(floatParam("max_val", 1).withDoc("The highest result."))
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
