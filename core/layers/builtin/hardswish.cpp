// SPDX-License-Identifier: Apache-2.0
// Hardswish: y = x · min(max(x + 3, 0), 6) / 6. Any shape. Howard et al. 2019, arXiv:1905.02244. PyTorch:
// nn.Hardswish.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("hardswish", {l.input("x").id})); }

}  // namespace

LayerSpec hardswish() {
  return LayerSpec{"hardswish", "Hardswish", Category::Activation}
      .describe("A SiLU of straight lines: cheap to compute.", "y = x · min(max(x + 3, 0), 6) / 6")
      .torch("nn.Hardswish")
      .keras("activations.hard_silu")
      .named("hardswish")
      .alias({"hard swish", "mobile", "activation"})
      .describedIn("Howard et al. 2019, arXiv:1905.02244")
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
