// SPDX-License-Identifier: Apache-2.0
// Yes or no for each value, and choices by it.
#include <limits>

#include "core/convert/onnx/rows.h"
#include "core/program/promotion.h"

namespace netwright::convert::onnx::rows {
namespace {

// The type that two sides have in common before they are compared; order is known for numbers only.
struct Sides {
  std::string left, right;
};
Sides sides(OpPrinter& p, bool order) {
  const program::Argument& other = argument(p.op(), "other");
  const bool tensor = std::holds_alternative<program::ValueId>(other);
  DType type;
  if (tensor)
    type = program::promoted({p.dtype("self"), p.shape("self")}, {p.dtype("other"), p.shape("other")});
  else
    type = program::promoted(
        {{p.dtype("self")}, {p.whole("other") ? DType::Int64 : DType::DefaultFloat, program::Standing::Scalar}});
  if (order && type == DType::Bool) type = DType::Int64;
  return {p.as(type, "self"), tensor ? p.as(type, "other") : p.number("other", p.scalar("other"), type)};
}

void equal(OpPrinter& p) {
  const Sides s = sides(p, false);
  p.result("Equal", {s.left, s.right});
}
void unequal(OpPrinter& p) {
  const Sides s = sides(p, false);
  p.result("Not", {p.node("Equal", {s.left, s.right}, "equal")});
}
void less(OpPrinter& p) {
  const Sides s = sides(p, true);
  p.result("Less", {s.left, s.right});
}
void lessOrEqual(OpPrinter& p) {
  const Sides s = sides(p, true);
  p.result("LessOrEqual", {s.left, s.right});
}
void greater(OpPrinter& p) {
  const Sides s = sides(p, true);
  p.result("Greater", {s.left, s.right});
}
void greaterOrEqual(OpPrinter& p) {
  const Sides s = sides(p, true);
  p.result("GreaterOrEqual", {s.left, s.right});
}

void isNaN(OpPrinter& p) { p.result("IsNaN", {p.as(DType::DefaultFloat, "self")}); }
// By the size, because IsInf knows no float16.
std::string size(OpPrinter& p) { return p.node("Abs", {p.as(DType::DefaultFloat, "self")}, "size"); }
std::string infinity(OpPrinter& p) { return p.number("infinity", std::numeric_limits<float>::infinity()); }
void isInf(OpPrinter& p) { p.result("Equal", {size(p), infinity(p)}); }
void isFinite(OpPrinter& p) { p.result("Less", {size(p), infinity(p)}); }

void where(OpPrinter& p) {
  p.result("Where", {p.tensor("condition"), p.as(p.resultDtype(), "self"), p.as(p.resultDtype(), "other")});
}
void maskedFill(OpPrinter& p) {
  p.result("Where", {p.tensor("mask"), p.number("value", p.scalar("value"), p.resultDtype()), p.tensor("self")});
}

}  // namespace

Rows comparison() {
  return {
      {"eq.Scalar", {equal}},
      {"eq.Tensor", {equal}},
      {"ge.Scalar", {greaterOrEqual}},
      {"ge.Tensor", {greaterOrEqual}},
      {"gt.Scalar", {greater}},
      {"gt.Tensor", {greater}},
      {"isfinite", {isFinite}},
      {"isinf", {isInf}},
      {"isnan", {isNaN}},
      {"le.Scalar", {lessOrEqual}},
      {"le.Tensor", {lessOrEqual}},
      {"logical_and", {[](OpPrinter& p) { p.result("And", {p.as(DType::Bool, "self"), p.as(DType::Bool, "other")}); }}},
      {"logical_not", {[](OpPrinter& p) { p.result("Not", {p.as(DType::Bool, "self")}); }}},
      {"logical_or", {[](OpPrinter& p) { p.result("Or", {p.as(DType::Bool, "self"), p.as(DType::Bool, "other")}); }}},
      {"logical_xor", {[](OpPrinter& p) { p.result("Xor", {p.as(DType::Bool, "self"), p.as(DType::Bool, "other")}); }}},
      {"lt.Scalar", {less}},
      {"lt.Tensor", {less}},
      {"masked_fill.Scalar", {maskedFill}},
      {"ne.Scalar", {unequal}},
      {"ne.Tensor", {unequal}},
      {"where.self", {where}}};
}

}  // namespace netwright::convert::onnx::rows
