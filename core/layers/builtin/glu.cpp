// SPDX-License-Identifier: Apache-2.0
// GLU: y = a · σ(b), x = [a, b] along dim. Any shape. Dauphin et al. 2016, arXiv:1612.08083. PyTorch: nn.GLU.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("glu", {l.input("x").id, Dim(l.get<int64_t>("dim"))})); }

}  // namespace

LayerSpec glu() {
  return LayerSpec{"glu", "GLU", Category::Activation}
      .describe("Halves a dimension: one half gates the other.", "y = a · σ(b), x = [a, b] along dim")
      .torch("nn.GLU")
      .keras("activations.glu")
      .named("glu")
      .alias({"gated linear unit", "gate", "activation"})
      .describedIn("Dauphin et al. 2016, arXiv:1612.08083")
      .param(intParam("dim", -1).withDoc("Dimension that is halved; -1 is the last.").asMain())
      .input("x", "any")
      .output("y", "x, half as long along dim")
      .lowering(lower);
}

}  // namespace netwright::layers
