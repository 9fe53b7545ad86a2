// SPDX-License-Identifier: Apache-2.0
// Output: marks what the network computes. The node's name is the output's name in exported files.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.programOutput(l.input("x")); }

}  // namespace

LayerSpec output() {
  return LayerSpec{"output", "Output", Category::InputOutput}
      .describe("Marks what the network computes; losses and exports start here.", "y = x")
      .named("output")
      .alias({"result", "sink", "y"})
      .input("x", "any")
      .lowering(lower);
}

}  // namespace netwright::layers
