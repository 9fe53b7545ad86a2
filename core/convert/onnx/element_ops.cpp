// SPDX-License-Identifier: Apache-2.0
// Operators on the values of several tensors that are broadcast to one size, and conversions. Formulas:
// onnx/docs/Operators.md, opset 17.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/half.h"
#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

// Whole numbers up to this one are exact as doubles, and of the type.
double largest(DType type) { return type == DType::Int32 ? 0x7fffffff : 0x1p53; }

// F of each pair, in a result of the given type.
template <double (*F)(double, double)>
HostTensor combined(const OpCall& call, const HostTensor& a, const HostTensor& b, DType type) {
  call.require(a.dtype == b.dtype, "Its inputs are of two types.");
  HostTensor y = call.result(broadcast(call, a.shape, b.shape), type);
  for (int64_t i = 0; i < y.count(); ++i) {
    const size_t at = static_cast<size_t>(i), left = a.shape == y.shape ? at : source(i, y.shape, a.shape),
                 right = b.shape == y.shape ? at : source(i, y.shape, b.shape);
    const double value = F(valueAt(a, left), valueAt(b, right));
    call.require(isFloating(type) || std::abs(value) <= largest(type), "Its whole numbers become too large.");
    setValue(y, at, value);
  }
  return y;
}

void requireNumbers(const OpCall& call, const HostTensor& t) {
  call.require(t.dtype == DType::Float32 || t.dtype == DType::Int64 || t.dtype == DType::Int32,
               "Its inputs are neither float32 nor int64 nor int32.");
}

// Both float32 or both int64.
template <double (*F)(double, double)>
HostTensor binary(const OpCall& call) {
  requireNumbers(call, call.tensor(0));
  return combined<F>(call, call.tensor(0), call.tensor(1), call.tensor(0).dtype);
}
double plus(double a, double b) { return a + b; }
double minus(double a, double b) { return a - b; }
double times(double a, double b) { return a * b; }
double over(double a, double b) { return a / b; }
double power(double a, double b) { return std::pow(a, b); }
double larger(double a, double b) { return std::isnan(a) || a > b ? a : b; }
double smaller(double a, double b) { return std::isnan(a) || a < b ? a : b; }
double restLikeDividend(double a, double b) { return std::fmod(a, b); }
double restLikeDivisor(double a, double b) {
  const double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

// Whole numbers are divided towards zero, and by no zero.
void requireDivisors(const OpCall& call) {
  const HostTensor& by = call.tensor(1);
  if (isFloating(by.dtype)) return;
  for (int64_t i = 0; i < by.count(); ++i)
    call.require(valueAt(by, static_cast<size_t>(i)) != 0, "It divides whole numbers by 0.");
}

HostTensor divide(const OpCall& call) {
  requireDivisors(call);
  return binary<over>(call);
}

HostTensor remainder(const OpCall& call) {
  requireDivisors(call);
  if (call.integer("fmod", 0) != 0) return binary<restLikeDividend>(call);
  call.require(!isFloating(call.tensor(0).dtype), "Real numbers need fmod = 1.");
  return binary<restLikeDivisor>(call);
}

// Of any number of inputs.
template <double (*F)(double, double)>
HostTensor folded(const OpCall& call) {
  requireNumbers(call, call.tensor(0));
  HostTensor y = call.tensor(0);
  for (size_t i = 1; i < call.inputs(); ++i) y = combined<F>(call, y, call.tensor(i), y.dtype);
  return y;
}

template <double (*F)(double, double)>
HostTensor comparison(const OpCall& call) {
  requireNumbers(call, call.tensor(0));
  return combined<F>(call, call.tensor(0), call.tensor(1), DType::Bool);
}
double equal(double a, double b) { return a == b; }
double less(double a, double b) { return a < b; }
double lessOrEqual(double a, double b) { return a <= b; }
double greater(double a, double b) { return a > b; }
double greaterOrEqual(double a, double b) { return a >= b; }

HostTensor equality(const OpCall& call) {  // of bools too
  return combined<equal>(call, call.tensor(0), call.tensor(1), DType::Bool);
}

template <double (*F)(double, double)>
HostTensor logical(const OpCall& call) {
  call.require(call.tensor(0).dtype == DType::Bool, "Its inputs are no bools.");
  return combined<F>(call, call.tensor(0), call.tensor(1), DType::Bool);
}
double both(double a, double b) { return a != 0 && b != 0; }
double either(double a, double b) { return a != 0 || b != 0; }
double oneOf(double a, double b) { return (a != 0) != (b != 0); }

HostTensor opposite(const OpCall& call) {
  HostTensor y = call.tensor(0);
  call.require(y.dtype == DType::Bool, "Its input is no bool.");
  for (uint8_t& v : y.as<uint8_t>()) v = v == 0;
  return y;
}

HostTensor isNaN(const OpCall& call) {
  const HostTensor& x = call.floats(0);
  HostTensor y = call.result(x.shape, DType::Bool);
  for (size_t i = 0; i < x.as<float>().size(); ++i) y.as<uint8_t>()[i] = std::isnan(x.as<float>()[i]);
  return y;
}

HostTensor where(const OpCall& call) {
  const HostTensor &condition = call.tensor(0), &yes = call.tensor(1), &no = call.tensor(2);
  call.require(condition.dtype == DType::Bool && yes.dtype == no.dtype, "Its inputs are of other types.");
  HostTensor y = call.result(broadcast(call, condition.shape, broadcast(call, yes.shape, no.shape)), yes.dtype);
  for (int64_t i = 0; i < y.count(); ++i) {
    const HostTensor& from = condition.as<uint8_t>()[source(i, y.shape, condition.shape)] ? yes : no;
    copyEntry(from, static_cast<int64_t>(source(i, y.shape, from.shape)), y, i);
  }
  return y;
}

// Between two bounds, of which each may be left out.
HostTensor clip(const OpCall& call) {
  HostTensor y = call.tensor(0);
  requireNumbers(call, y);
  for (const size_t bound : {1, 2}) {
    if (!call.has(bound)) continue;
    const HostTensor& limit = call.tensor(bound);
    call.require(limit.dtype == y.dtype && limit.count() == 1, "Its bounds are not single numbers of its own type.");
    const double edge = valueAt(limit, 0);
    for (size_t i = 0; i < static_cast<size_t>(y.count()); ++i) {
      const double v = valueAt(y, i);
      if (bound == 1 ? v < edge : v > edge) setValue(y, i, edge);
    }
  }
  return y;
}

HostTensor identity(const OpCall& call) { return call.tensor(0); }

// Values of a float16 model are rounded where they become float16, and otherwise computed as float32.
HostTensor cast(const OpCall& call) {
  const HostTensor& x = call.tensor(0);
  const auto known = [](DType type) {
    return type == DType::Float32 || type == DType::Int64 || type == DType::Int32 || type == DType::Bool;
  };
  auto to = dtypeOf(call.integer("to", 0));
  if (x.dtype == DType::Float32 && to == DType::Float16) return widened(narrowed(x, DType::Float16));
  if (to == DType::Float16) to = DType::Float32;
  call.require(to && known(*to) && known(x.dtype), "Only float32, int64, int32 and bool are converted.");
  HostTensor y = call.result(x.shape, *to);
  for (size_t i = 0; i < static_cast<size_t>(x.count()); ++i) {
    const double v = valueAt(x, i);
    const bool whole = to == DType::Int64 || to == DType::Int32;
    call.require(!whole || std::abs(v) <= largest(*to), "A number is too large for a whole one.");
    setValue(y, i, v);
  }
  return y;
}

}  // namespace

std::map<std::string, OpFunction> elementOps() {
  return {{"Add", binary<plus>},
          {"And", logical<both>},
          {"Cast", cast},
          {"Clip", clip},
          {"Div", divide},
          {"Equal", equality},
          {"Greater", comparison<greater>},
          {"GreaterOrEqual", comparison<greaterOrEqual>},
          {"Identity", identity},
          {"IsNaN", isNaN},
          {"Less", comparison<less>},
          {"LessOrEqual", comparison<lessOrEqual>},
          {"Max", folded<larger>},
          {"Min", folded<smaller>},
          {"Mod", remainder},
          {"Mul", binary<times>},
          {"Not", opposite},
          {"Or", logical<either>},
          {"Pow", binary<power>},
          {"Sub", binary<minus>},
          {"Where", where},
          {"Xor", logical<oneOf>}};
}

}  // namespace netwright::convert::onnx
