// SPDX-License-Identifier: Apache-2.0
// Unflatten: y = the numbers of x in their order. x (N, *). PyTorch: nn.Unflatten.
#include "core/layers/not_batch.h"

namespace netwright::layers {
namespace {

// The sizes, with the one that is -1 worked out.
Shape sizes(const Lowering& l, const Dim& whole) {
  Shape list = l.ints("unflattened_size");
  Dim known = 1, *open = nullptr;
  for (Dim& d : list)
    if (d == Dim(-1) && !open)
      open = &d;
    else
      known = known * d;
  if (open && !(known == Dim(0))) *open = floorDiv(whole, known);
  return list;
}

void lower(Lowering& l) {
  const Value x = l.input("x");
  const int64_t dim = l.get<int64_t>("dim"), rank = static_cast<int64_t>(x.rank());
  if (!checkNotBatch(l, "dim", dim, rank, 1)) return;
  l.output("y", l.op("unflatten.int", {x.id, Dim(dim), sizes(l, x.dim(static_cast<int>(dim)))}));
}

}  // namespace

LayerSpec unflatten() {
  return LayerSpec{"unflatten", "Unflatten", Category::Shape}
      .describe("Splits a dimension into several.", "y = the numbers of x in their order")
      .torch("nn.Unflatten", 2)
      .keras("layers.Reshape")
      .named("unflatten")
      .alias({"split", "view", "reshape"})
      .param(intParam("dim", 1).withDoc("Dimension that is split; 1 is the first after the batch.").asMain())
      .param(intListParam("unflattened_size", {1, -1})
                 .withDoc("Sizes it is split into; one of them may be -1: what the others leave.")
                 .asMain())
      .input("x", "(N, *)")
      .output("y", "x with more dimensions")
      .lowering(lower);
}

}  // namespace netwright::layers
