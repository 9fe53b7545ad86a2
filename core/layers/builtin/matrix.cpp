// SPDX-License-Identifier: Apache-2.0
// MatMul: products of matrices, a (N, *, I, K), b (N, *, K, J) -> y (N, *, I, J). Einsum: sums over named dimensions.
// PyTorch: torch.matmul, torch.einsum.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void matmul(Lowering& l) { l.output("y", l.op("matmul", {l.input("a").id, l.input("b").id})); }
void einsum(Lowering& l) {
  std::vector<program::ValueId> tensors{l.input("x1").id};
  for (const char* port : {"x2", "x3", "x4"})
    if (l.has(port)) tensors.push_back(l.input(port).id);
  l.output("y", l.op("einsum", {l.get<std::string>("equation"), tensors}));
}

}  // namespace

std::vector<LayerSpec> matrix() {
  return {
      LayerSpec{"matmul", "MatMul", Category::Linear}
          .describe("Multiplies matrices of two inputs, sample by sample.", "y[n, i, j] = Σₖ a[n, i, k] · b[n, k, j]")
          .torch("torch.matmul")
          .keras("layers.Dot")
          .named("product")
          .alias({"matrix product", "bmm", "dot", "attention scores"})
          .input("a", "(N, *, I, K)")
          .input("b", "(N, *, K, J)")
          .output("y", "(N, *, I, J)")
          .lowering(matmul),
      LayerSpec{"einsum", "Einsum", Category::Linear}
          .describe("Multiplies and sums over dimensions that are named by letters.",
                    "bik,bkj->bij: y[b, i, j] = Σₖ x1[b, i, k] · x2[b, k, j]")
          .torch("torch.einsum")
          .keras("layers.EinsumDense")
          .named("einsum")
          .alias({"einstein", "tensor product", "contraction"})
          .param(textParam("equation", "bij,bij->bij")
                     .withDoc("A term of letters for each input, an arrow, and the letters of the result.")
                     .asMain())
          .input("x1", "any")
          .optionalInput("x2", "any")
          .optionalInput("x3", "any")
          .optionalInput("x4", "any")
          .output("y", "as the equation says")
          .lowering(einsum)};
}

}  // namespace netwright::layers
