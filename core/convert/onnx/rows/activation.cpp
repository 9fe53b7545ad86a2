// SPDX-License-Identifier: Apache-2.0
// Functions of single values, and softmax.
#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

void softmax(OpPrinter& p) { p.result("Softmax", {p.tensor("self")}, {{"axis", p.integer("dim")}}); }

Refusal refuseSoftmax(const Program&, const Op& op) {
  if (std::holds_alternative<None>(argument(op, "dtype"))) return std::nullopt;
  return "it changes the type of the numbers on the way";
}

}  // namespace

Rows activation() {
  return {{"relu", {[](OpPrinter& p) { p.result("Relu", {p.tensor("self")}); }}},
          {"softmax.int", {softmax, refuseSoftmax}}};
}

}  // namespace netwright::convert::onnx::rows
