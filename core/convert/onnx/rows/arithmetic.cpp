// SPDX-License-Identifier: Apache-2.0
// Arithmetic of tensors.
#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

// An argument in the result's type: ATen promotes, ONNX does not.
std::string promoted(OpPrinter& p, const char* name) {
  if (p.dtype(name) == p.resultDtype()) return p.tensor(name);
  return p.node("Cast", {p.tensor(name)}, std::string(name) + "_cast", {{"to", int64_t{*dataType(p.resultDtype())}}});
}

void add(OpPrinter& p) {
  std::string other = promoted(p, "other");
  if (const double alpha = p.scalar("alpha"); alpha != 1)
    other = p.node("Mul", {other, p.number("alpha", static_cast<float>(alpha))}, "scaled");
  p.result("Add", {promoted(p, "self"), other});
}

void multiply(OpPrinter& p) { p.result("Mul", {promoted(p, "self"), promoted(p, "other")}); }

}  // namespace

Rows arithmetic() { return {{"add.Tensor", {add}}, {"mul.Tensor", {multiply}}}; }

}  // namespace netwright::convert::onnx::rows
