// SPDX-License-Identifier: Apache-2.0
// Products with matrices.
#include "core/convert/cpp/rows.h"

namespace netwright::convert::cpp::rows {
namespace {

using program::Op;
using program::Program;

void linear(OpPrinter& p) {
  const program::Shape &in = p.shape("input"), &out = p.resultShape();
  const std::string x = p.tensor("input"), weight = p.panels(tensorArgument(p.op(), "weight")), bias = p.tensor("bias"),
                    y = p.result();
  p.call("linear", "linear", {x, weight, bias, y, count(out, 0, out.size() - 1), text(in.back()), text(out.back())});
}

Refusal refuseLinear(const Program& program, const Op& op) {
  if (program::constants(program.tensorType(tensorArgument(op, "weight")).shape)) return std::nullopt;
  return "its matrix has a size that is only known at run time";
}

}  // namespace

Rows linear() { return {{"linear", {linear, refuseLinear}}}; }

}  // namespace netwright::convert::cpp::rows
