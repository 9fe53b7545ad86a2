// SPDX-License-Identifier: Apache-2.0
// Arithmetic of tensors.
#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

void add(OpPrinter& p) {
  std::string other = p.tensor("other");
  if (const double alpha = p.scalar("alpha"); alpha != 1)
    other = p.node("Mul", {other, p.number("alpha", static_cast<float>(alpha))}, "scaled");
  p.result("Add", {p.tensor("self"), other});
}

}  // namespace

Rows arithmetic() { return {{"add.Tensor", {add}}}; }

}  // namespace netwright::convert::onnx::rows
