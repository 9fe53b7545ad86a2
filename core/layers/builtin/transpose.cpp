// SPDX-License-Identifier: Apache-2.0
// Transpose: swaps two dimensions, for example the words and the features of a sentence. x (N, L, C) -> y (N, C, L).
// PyTorch: torch.transpose.
#include "core/layers/not_batch.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  const auto rank = static_cast<int64_t>(x.rank()), a = l.get<int64_t>("dim0"), b = l.get<int64_t>("dim1");
  if (!checkNotBatch(l, "dim0", a, rank, 1) || !checkNotBatch(l, "dim1", b, rank, -1)) return;
  l.output("y", l.op("transpose.int", {x.id, Dim(a), Dim(b)}));
}

}  // namespace

LayerSpec transpose() {
  return LayerSpec{"transpose", "Transpose", Category::Shape}
      .describe(
          "Swaps two dimensions. Word scores (N, words, classes) become (N, classes, words), as cross entropy wants "
          "them.",
          "y[.., j, .., i, ..] = x[.., i, .., j, ..]")
      .torch("torch.transpose")
      .named("transpose")
      .alias({"permute", "swap", "swapaxes", "torch.transpose"})
      .param(intParam("dim0", 1).withDoc("One of the two; 1 is the first after the batch, -1 the last.").asMain())
      .param(intParam("dim1", 2).withDoc("The other one."))
      .input("x", "(N, *)")
      .output("y", "x with the two swapped")
      .lowering(lower);
}

}  // namespace netwright::layers
