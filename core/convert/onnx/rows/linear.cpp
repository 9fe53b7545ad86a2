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

void bmm(OpPrinter& p) { p.result("MatMul", {p.tensor("self"), p.tensor("mat2")}); }
void matmul(OpPrinter& p) { p.result("MatMul", {p.tensor("self"), p.tensor("other")}); }

void einsum(OpPrinter& p) { p.result("Einsum", p.list("tensors"), {{"equation", p.text("equation")}}); }

// y_k = x1 W_k x2 + b_k
void bilinear(OpPrinter& p) {
  const std::vector<std::string> factors{p.tensor("input1"), p.tensor("weight"), p.tensor("input2")};
  const std::vector<Attribute> equation{{"equation", std::string("...i,kij,...j->...k")}};
  if (!p.has("bias")) return p.result("Einsum", factors, equation);
  p.result("Add", {p.node("Einsum", factors, "product", equation), p.tensor("bias")});
}

}  // namespace

Rows linear() {
  return {{"bilinear", {bilinear}}, {"bmm", {bmm}}, {"einsum", {einsum}}, {"linear", {linear}}, {"matmul", {matmul}}};
}

}  // namespace netwright::convert::onnx::rows
