// SPDX-License-Identifier: Apache-2.0
// Products with matrices.
#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

void linear(OpPrinter& p) {
  const std::string x = p.tensor("input"), weight = p.tensor("weight");
  if (p.shape("input").size() == 2) {
    std::vector<std::string> inputs{x, weight};
    if (p.has("bias")) inputs.push_back(p.tensor("bias"));
    return p.result("Gemm", inputs, {{"transB", int64_t{1}}});
  }
  const std::string transposed = p.node("Transpose", {weight}, "weight_T", {{"perm", Ints{1, 0}}});
  if (!p.has("bias")) return p.result("MatMul", {x, transposed});
  p.result("Add", {p.node("MatMul", {x, transposed}, "product"), p.tensor("bias")});
}

}  // namespace

Rows linear() { return {{"linear", {linear}}}; }

}  // namespace netwright::convert::onnx::rows
