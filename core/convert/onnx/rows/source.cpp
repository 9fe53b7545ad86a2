// SPDX-License-Identifier: Apache-2.0
// Tensors from nothing: constants and ranges.
#include <algorithm>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx {

std::string batchOfZeros(OpPrinter& p, const std::string& x, const Ints& rest) {
  const std::string batch =
      p.node("Slice", {p.node("Shape", {x}, "shape"), p.integers("first", {0}), p.integers("end", {1})}, "batch");
  const std::string sizes = p.node("Concat", {batch, p.integers("rest", rest)}, "sizes", {{"axis", int64_t{0}}});
  return p.node("Expand", {p.number("zero", 0.0F), sizes}, "zeros");
}

namespace rows {
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

// A size in which the batch of another tensor comes first.
void newFull(OpPrinter& p) {
  const std::string value = p.number("value", p.scalar("fill_value"), p.resultDtype());
  const program::Shape& shape = p.resultShape();
  if (const auto known = program::constants(shape)) return p.result("Expand", {value, p.integers("size", *known)});
  const std::string batch = p.node("Shape", {p.tensor("self")}, "batch", {{"end", int64_t{1}}, {"start", int64_t{0}}});
  const std::string rest = p.integers("rest", *program::constants({shape.begin() + 1, shape.end()}));
  p.result("Expand", {value, p.node("Concat", {batch, rest}, "size", {{"axis", int64_t{0}}})});
}
Refusal refuseNewFull(const Program& program, const Op& op) {
  const program::Shape &like = program.tensorType(tensorArgument(op, "self")).shape,
                       &shape = program.tensorType(op.results[0]).shape;
  const bool known = program::constants(shape).has_value();
  const bool batched = !shape.empty() && !like.empty() && shape[0] == like[0] &&
                       program::constants({shape.begin() + 1, shape.end()}).has_value();
  return known || batched ? refuseType(program, op) : Refusal("its size is only known at run time");
}

// Noise that training alone scales up is nothing in evaluation.
void noNoise(OpPrinter& p) {
  p.result("Expand", {p.number("nothing", 0, p.resultDtype()), p.node("Shape", {p.tensor("self")}, "size")});
}
Refusal refuseNoise(const Program& program, const Op& op) {
  const program::Argument value(op.results[0]);
  for (const Op& reader : program.ops)
    for (const program::Argument& a : reader.args) {
      const auto* list = std::get_if<std::vector<program::ValueId>>(&a);
      const bool inList = list && std::find(list->begin(), list->end(), op.results[0]) != list->end();
      if (!inList && a != value) continue;
      const bool scaled = reader.info->id() == "mul.Scalar" && reader.mode != Mode::Train &&
                          std::holds_alternative<program::TrainingNumber>(argument(reader, "other"));
      if (!scaled) return "it draws at random in evaluation too";
    }
  for (const program::Port& port : program.outputs)
    if (port.value == op.results[0]) return "it draws at random in evaluation too";
  return std::nullopt;
}

}  // namespace

Rows source() {
  return {{"arange.start_step", {range, refuseType}}, {"full", {full, refuseFull}},
          {"full_like", {fullLike, refuseType}},      {"new_full", {newFull, refuseNewFull}},
          {"rand_like", {noNoise, refuseNoise}},      {"randn_like", {noNoise, refuseNoise}}};
}

}  // namespace rows
}  // namespace netwright::convert::onnx
