// SPDX-License-Identifier: Apache-2.0
// Mathematical functions of single values, and conversions of type.
#include <cmath>
#include <limits>
#include <numbers>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

// The argument in the type of the result: functions of whole numbers give real ones.
std::string value(OpPrinter& p) { return p.as(p.resultDtype(), "self"); }
std::string number(OpPrinter& p, const char* suffix, double v) { return p.number(suffix, v, p.resultDtype()); }

void reciprocalRoot(OpPrinter& p) { p.result("Reciprocal", {p.node("Sqrt", {value(p)}, "root")}); }
void square(OpPrinter& p) {
  const std::string x = value(p);
  p.result("Mul", {x, x});
}
void logOnePlus(OpPrinter& p) { p.result("Log", {p.node("Add", {value(p), number(p, "one", 1)}, "sum")}); }
void expMinusOne(OpPrinter& p) { p.result("Sub", {p.node("Exp", {value(p)}, "exp"), number(p, "one", 1)}); }
void log2(OpPrinter& p) {
  p.result("Mul", {p.node("Log", {value(p)}, "log"), number(p, "scale", std::numbers::log2e)});
}
void log10(OpPrinter& p) {
  p.result("Mul", {p.node("Log", {value(p)}, "log"), number(p, "scale", std::numbers::log10e)});
}
void exp2(OpPrinter& p) { p.result("Pow", {number(p, "two", 2), value(p)}); }
void erfc(OpPrinter& p) { p.result("Sub", {number(p, "one", 1), p.node("Erf", {value(p)}, "erf")}); }

// sin(πx) / πx, and 1 at 0.
void sinc(OpPrinter& p) {
  const std::string x = value(p), angle = p.node("Mul", {x, number(p, "pi", std::numbers::pi)}, "angle");
  const std::string ratio = p.node("Div", {p.node("Sin", {angle}, "sine"), angle}, "ratio");
  p.result("Where", {p.node("Equal", {x, number(p, "zero", 0)}, "is_zero"), number(p, "one", 1), ratio});
}

// Towards zero.
std::string whole(OpPrinter& p, const char* lastSuffix) {
  const std::string x = value(p), sign = p.node("Sign", {x}, "sign");
  const std::string floor = p.node("Floor", {p.node("Abs", {x}, "size")}, "floor");
  if (*lastSuffix) return p.node("Mul", {sign, floor}, lastSuffix);
  p.result("Mul", {sign, floor});
  return "";
}
void trunc(OpPrinter& p) { whole(p, ""); }
void frac(OpPrinter& p) { p.result("Sub", {p.tensor("self"), whole(p, "whole")}); }

// log(x / (1 - x)), with x kept away from 0 and 1 if told to.
void logit(OpPrinter& p) {
  std::string x = value(p);
  if (!p.none("eps"))
    x = p.node("Clip", {x, number(p, "min", p.real("eps")), number(p, "max", 1 - p.real("eps"))}, "inside");
  const std::string rest = p.node("Sub", {number(p, "one", 1), x}, "rest");
  p.result("Log", {p.node("Div", {x, rest}, "odds")});
}

// Rounding whole numbers changes nothing, and ONNX knows it for real ones only.
template <void (*print)(OpPrinter&)>
void ofReals(OpPrinter& p) {
  isFloating(p.dtype("self")) ? print(p) : p.sameAs("self");
}
void ceil(OpPrinter& p) { p.result("Ceil", {p.tensor("self")}); }
void floor(OpPrinter& p) { p.result("Floor", {p.tensor("self")}); }
void round(OpPrinter& p) { p.result("Round", {p.tensor("self")}); }

void nanToNum(OpPrinter& p) {
  constexpr double kHighest = std::numeric_limits<float>::max(), kInfinity = std::numeric_limits<double>::infinity();
  std::string x = p.tensor("self");
  const auto given = [&](const char* name, double fallback) { return p.none(name) ? fallback : p.real(name); };
  const auto replaced = [&](const std::string& where, const char* name, double fallback) {
    const std::string by = number(p, name, given(name, fallback));
    return p.node("Where", {where, by, x}, std::string("without_") + name);
  };
  x = replaced(p.node("IsNaN", {x}, "is_nan"), "nan", 0);
  x = replaced(p.node("Equal", {x, number(p, "infinity", kInfinity)}, "is_infinite"), "posinf", kHighest);
  const std::string where = p.node("Equal", {x, number(p, "minus_infinity", -kInfinity)}, "is_minus_infinite");
  p.result("Where", {where, number(p, "neginf", given("neginf", -kHighest)), x});
}

Refusal refuseWholeNumbers(const Program& program, const Op& op) {
  if (isFloating(program.tensorType(op.results[0]).dtype)) return std::nullopt;
  return "it works on real numbers only there";
}

Refusal refuseBool(const Program& program, const Op& op) {
  if (program.tensorType(op.results[0]).dtype != DType::Bool) return std::nullopt;
  return "it computes with bools, which are no numbers there";
}

void convert(OpPrinter& p) { p.cast(p.tensor("self"), p.resultDtype(), ""); }

Refusal refuseConversion(const Program& program, const Op& op) {
  const DType type = program.tensorType(op.results[0]).dtype;
  if (type == DType::DefaultFloat || type == DType::Float32 || type == DType::Int64 || type == DType::Int32 ||
      type == DType::Bool)
    return std::nullopt;
  return "only float32, int64, int32 and bool can be written yet, not " + name(type);
}

}  // namespace

Rows elementwise() {
  return {{"abs", {[](OpPrinter& p) { p.result("Abs", {value(p)}); }, refuseBool}},
          {"acos", {[](OpPrinter& p) { p.result("Acos", {value(p)}); }}},
          {"acosh", {[](OpPrinter& p) { p.result("Acosh", {value(p)}); }}},
          {"asin", {[](OpPrinter& p) { p.result("Asin", {value(p)}); }}},
          {"asinh", {[](OpPrinter& p) { p.result("Asinh", {value(p)}); }}},
          {"atan", {[](OpPrinter& p) { p.result("Atan", {value(p)}); }}},
          {"atanh", {[](OpPrinter& p) { p.result("Atanh", {value(p)}); }}},
          {"ceil", {ofReals<ceil>}},
          {"cos", {[](OpPrinter& p) { p.result("Cos", {value(p)}); }}},
          {"cosh", {[](OpPrinter& p) { p.result("Cosh", {value(p)}); }}},
          {"detach", {[](OpPrinter& p) { p.sameAs("self"); }}},
          {"erf", {[](OpPrinter& p) { p.result("Erf", {value(p)}); }}},
          {"erfc", {erfc}},
          {"exp", {[](OpPrinter& p) { p.result("Exp", {value(p)}); }}},
          {"exp2", {exp2}},
          {"expm1", {expMinusOne}},
          {"floor", {ofReals<floor>}},
          {"frac", {frac}},
          {"log", {[](OpPrinter& p) { p.result("Log", {value(p)}); }}},
          {"log10", {log10}},
          {"log1p", {logOnePlus}},
          {"log2", {log2}},
          {"logit", {logit}},
          {"nan_to_num", {nanToNum, refuseWholeNumbers}},
          {"neg", {[](OpPrinter& p) { p.result("Neg", {value(p)}); }}},
          {"reciprocal", {[](OpPrinter& p) { p.result("Reciprocal", {value(p)}); }}},
          {"round", {ofReals<round>}},
          {"rsqrt", {reciprocalRoot}},
          {"sign", {[](OpPrinter& p) { p.result("Sign", {value(p)}); }, refuseBool}},
          {"sin", {[](OpPrinter& p) { p.result("Sin", {value(p)}); }}},
          {"sinc", {sinc}},
          {"sinh", {[](OpPrinter& p) { p.result("Sinh", {value(p)}); }}},
          {"sqrt", {[](OpPrinter& p) { p.result("Sqrt", {value(p)}); }}},
          {"square", {square}},
          {"tan", {[](OpPrinter& p) { p.result("Tan", {value(p)}); }}},
          {"to.dtype", {convert, refuseConversion}},
          {"trunc", {ofReals<trunc>}}};
}

}  // namespace netwright::convert::onnx::rows
