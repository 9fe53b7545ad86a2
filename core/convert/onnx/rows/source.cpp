// SPDX-License-Identifier: Apache-2.0
// Tensors from nothing: constants and ranges.
#include <cmath>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

Refusal refuseType(const Program& program, const Op& op) {
  const DType type = program.tensorType(op.results[0]).dtype;
  if (type == DType::DefaultFloat || type == DType::Float32 || type == DType::Int64 || type == DType::Bool)
    return std::nullopt;
  return "only float32, int64 and bool can be written yet, not " + name(type);
}

void full(OpPrinter& p) {
  const std::string value = p.number("value", p.scalar("fill_value"), p.resultDtype());
  p.result("Expand", {value, p.integers("size", p.ints("size"))});
}
Refusal refuseFull(const Program& program, const Op& op) {
  if (!program::constants(program.tensorType(op.results[0]).shape)) return "its size is only known at run time";
  return refuseType(program, op);
}

void fullLike(OpPrinter& p) {
  const std::string value = p.number("value", p.scalar("fill_value"), p.resultDtype());
  p.result("Expand", {value, p.node("Shape", {p.tensor("self")}, "size")});
}

void range(OpPrinter& p) {
  const int64_t count = *p.resultShape()[0].constant();
  HostTensor values(p.resultDtype() == DType::Int64 ? DType::Int64 : DType::Float32, {count});
  const double start = p.scalar("start"), step = p.scalar("step");
  for (int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<size_t>(i);
    if (values.dtype == DType::Int64)
      values.as<int64_t>()[at] = static_cast<int64_t>(start) + i * static_cast<int64_t>(step);
    else
      values.as<float>()[at] = static_cast<float>(start + static_cast<double>(i) * step);
  }
  p.result("Identity", {p.constant("values", std::move(values))});
}

}  // namespace

Rows source() {
  return {{"arange.start_step", {range, refuseType}},
          {"full", {full, refuseFull}},
          {"full_like", {fullLike, refuseType}},
          {"new_full", {full, refuseFull}}};
}

}  // namespace netwright::convert::onnx::rows
