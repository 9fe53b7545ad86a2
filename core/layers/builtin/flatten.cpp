// SPDX-License-Identifier: Apache-2.0
// Flatten: joins the dimensions start_dim to end_dim into one. x (N, a, b, c) -> y (N, a b c). PyTorch: nn.Flatten.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  l.output("y", l.op("flatten.using_ints",
                     {l.input("x").id, Dim(l.get<int64_t>("start_dim")), Dim(l.get<int64_t>("end_dim"))}));
}

}  // namespace

LayerSpec flatten() {
  return LayerSpec{"flatten", "Flatten", Category::Shape}
      .describe("Turns an image into one long row of numbers, as Linear wants it.", "y = x, read row by row")
      .torch("nn.Flatten")
      .keras("layers.Flatten")
      .named("flatten")
      .alias({"reshape", "view", "vector"})
      .param(intParam("start_dim", 1).withDoc("First dimension that is joined; 1 leaves the batch alone."))
      .param(intParam("end_dim", -1).withDoc("Last dimension that is joined; -1 is the last."))
      .input("x", "(N, *)")
      .output("y", "(N, product of *)")
      .lowering(lower);
}

}  // namespace netwright::layers
