// SPDX-License-Identifier: Apache-2.0
// Arithmetic of two tensors, or of a tensor and a number.
#include <numbers>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

std::string promoted(OpPrinter& p, const char* name) { return p.as(p.resultDtype(), name); }

// The second operand in the result's type, a tensor or a number, times the factor that sums have.
std::string second(OpPrinter& p, const char* name) {
  const bool number = !std::holds_alternative<program::ValueId>(argument(p.op(), name));
  std::string other = number ? p.number(name, p.scalar(name), p.resultDtype()) : promoted(p, name);
  bool factor = false;
  for (const auto& a : p.op().info->schema.arguments) factor = factor || a.name == "alpha";
  if (!factor || p.scalar("alpha") == 1) return other;
  return p.node("Mul", {other, p.number("alpha", p.scalar("alpha"), p.resultDtype())}, "scaled");
}

void add(OpPrinter& p) { p.result("Add", {promoted(p, "self"), second(p, "other")}); }
void subtract(OpPrinter& p) { p.result("Sub", {promoted(p, "self"), second(p, "other")}); }
void multiply(OpPrinter& p) { p.result("Mul", {promoted(p, "self"), second(p, "other")}); }
void divide(OpPrinter& p) { p.result("Div", {promoted(p, "self"), second(p, "other")}); }
void power(OpPrinter& p) { p.result("Pow", {promoted(p, "self"), second(p, "exponent")}); }
void maximum(OpPrinter& p) { p.result("Max", {promoted(p, "self"), second(p, "other")}); }
void minimum(OpPrinter& p) { p.result("Min", {promoted(p, "self"), second(p, "other")}); }

// other - alpha self
void reversed(OpPrinter& p) {
  std::string x = promoted(p, "self");
  if (p.scalar("alpha") != 1) x = p.node("Mul", {x, p.number("alpha", p.scalar("alpha"), p.resultDtype())}, "scaled");
  p.result("Sub", {p.number("other", p.scalar("other"), p.resultDtype()), x});
}

// Rounded down, or towards zero.
void divideRounded(OpPrinter& p) {
  if (p.none("rounding_mode")) return divide(p);
  const std::string ratio = p.node("Div", {promoted(p, "self"), promoted(p, "other")}, "ratio");
  if (p.text("rounding_mode") == "floor") return p.result("Floor", {ratio});
  p.result("Mul", {p.node("Sign", {ratio}, "sign"), p.node("Floor", {p.node("Abs", {ratio}, "size")}, "floor")});
}

// With the sign of the dividend.
void fmod(OpPrinter& p) { p.result("Mod", {promoted(p, "self"), promoted(p, "other")}, {{"fmod", int64_t{1}}}); }

// With the sign of the divisor: x - floor(x / y) y.
void remainder(OpPrinter& p) {
  const std::string x = promoted(p, "self"), y = promoted(p, "other");
  if (!isFloating(p.resultDtype())) return p.result("Mod", {x, y});
  const std::string times = p.node("Floor", {p.node("Div", {x, y}, "ratio")}, "times");
  p.result("Sub", {x, p.node("Mul", {times, y}, "taken")});
}

Refusal refuseWhole(const Program& program, const Op& op) {
  if (isFloating(program.tensorType(op.results[0]).dtype)) return std::nullopt;
  return "it rounds a division of whole numbers";
}

void hypot(OpPrinter& p) {
  const std::string x = promoted(p, "self"), y = promoted(p, "other");
  const std::string sum = p.node("Add", {p.node("Mul", {x, x}, "square"), p.node("Mul", {y, y}, "square")}, "sum");
  p.result("Sqrt", {sum});
}

void lerp(OpPrinter& p) {
  const std::string x = p.tensor("self"), way = p.node("Sub", {p.tensor("end"), x}, "way");
  const std::string weight = p.number("weight", p.scalar("weight"), p.resultDtype());
  p.result("Add", {x, p.node("Mul", {way, weight}, "step")});
}

// max(x, y) + log(1 + exp(-|x - y|))
void logAddExp(OpPrinter& p) {
  const std::string x = promoted(p, "self"), y = promoted(p, "other");
  const std::string gap = p.node("Abs", {p.node("Sub", {x, y}, "difference")}, "gap");
  const std::string rest = p.node("Softplus", {p.node("Neg", {gap}, "negative")}, "rest");
  p.result("Add", {p.node("Max", {x, y}, "larger"), rest});
}

void clamp(OpPrinter& p) {
  std::vector<std::string> inputs{promoted(p, "self")};
  for (const char* bound : {"min", "max"})
    inputs.push_back(p.none(bound) ? "" : p.number(bound, p.scalar(bound), p.resultDtype()));
  p.result("Clip", inputs);
}

// The angle of the point (other, self): that of the ratio, half a turn further where other is negative.
void atan2(OpPrinter& p) {
  const std::string y = promoted(p, "self"), x = promoted(p, "other");
  const auto number = [&](const char* suffix, double v) { return p.number(suffix, v, p.resultDtype()); };
  const std::string zero = number("zero", 0), angle = p.node("Atan", {p.node("Div", {y, x}, "ratio")}, "angle");
  const std::string below = p.node("Less", {y, zero}, "below"), left = p.node("Less", {x, zero}, "left");
  const std::string half =
      p.node("Where", {below, number("minus_pi", -std::numbers::pi), number("pi", std::numbers::pi)}, "half_turn");
  const std::string turned = p.node("Where", {left, p.node("Add", {angle, half}, "further"), angle}, "turned");
  const std::string origin =
      p.node("And", {p.node("Equal", {x, zero}, "x_is_zero"), p.node("Equal", {y, zero}, "y_is_zero")}, "origin");
  p.result("Where", {origin, zero, turned});
}

// self log(other), and 0 where self is, whatever the logarithm.
void xlogy(OpPrinter& p) {
  const std::string x = promoted(p, "self"), y = promoted(p, "other"), zero = p.number("zero", 0, p.resultDtype());
  const std::string product = p.node("Mul", {x, p.node("Log", {y}, "log")}, "product");
  const std::string number = p.node("Not", {p.node("IsNaN", {y}, "is_nan")}, "is_number");
  p.result("Where", {p.node("And", {p.node("Equal", {x, zero}, "is_zero"), number}, "nothing"), zero, product});
}

// ONNX computes with numbers only; of bools PyTorch makes a logical or, and, or a power.
Refusal refuseBools(const Program& program, const Op& op) {
  if (program.tensorType(op.results[0]).dtype != DType::Bool) return std::nullopt;
  return "it computes with bools, which are no numbers there";
}

}  // namespace

Rows arithmetic() {
  return {{"add.Scalar", {add, refuseBools}},
          {"add.Tensor", {add, refuseBools}},
          {"atan2", {atan2}},
          {"clamp", {clamp, refuseBools}},
          {"div.Scalar", {divide}},
          {"div.Tensor", {divide}},
          {"div.Tensor_mode", {divideRounded, refuseWhole}},
          {"fmod.Tensor", {fmod}},
          {"hypot", {hypot}},
          {"lerp.Scalar", {lerp}},
          {"logaddexp", {logAddExp}},
          {"maximum", {maximum, refuseBools}},
          {"minimum", {minimum, refuseBools}},
          {"mul.Scalar", {multiply, refuseBools}},
          {"mul.Tensor", {multiply, refuseBools}},
          {"pow.Tensor_Scalar", {power, refuseBools}},
          {"pow.Tensor_Tensor", {power}},
          {"remainder.Tensor", {remainder}},
          {"rsub.Scalar", {reversed}},
          {"sub.Scalar", {subtract}},
          {"sub.Tensor", {subtract}},
          {"xlogy.Tensor", {xlogy}}};
}

}  // namespace netwright::convert::onnx::rows
