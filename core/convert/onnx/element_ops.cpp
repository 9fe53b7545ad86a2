// SPDX-License-Identifier: Apache-2.0
// Operators on single values, and softmax. Formulas: onnx/docs/Operators.md, opset 17.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/base/half.h"
#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

template <class T, double (*F)(double, double)>
HostTensor combined(const OpCall& call, const HostTensor& a, const HostTensor& b) {
  HostTensor y = call.result(broadcast(call, a.shape, b.shape), a.dtype);
  const auto va = a.as<T>(), vb = b.as<T>();
  const auto out = y.as<T>();
  for (size_t i = 0; i < out.size(); ++i) {
    const auto index = static_cast<int64_t>(i);
    const double value = F(static_cast<double>(va[a.shape == y.shape ? i : source(index, y.shape, a.shape)]),
                           static_cast<double>(vb[b.shape == y.shape ? i : source(index, y.shape, b.shape)]));
    call.require(isFloating(a.dtype) || std::abs(value) <= 0x1p53, "Its whole numbers become too large.");
    out[i] = static_cast<T>(value);
  }
  return y;
}

// Both float32 or both int64; whole numbers are exact up to 2^53.
template <double (*F)(double, double)>
HostTensor binary(const OpCall& call) {
  const bool whole = call.tensor(0).dtype == DType::Int64 && call.tensor(1).dtype == DType::Int64;
  if (whole) return combined<int64_t, F>(call, call.tensor(0), call.tensor(1));
  return combined<float, F>(call, call.floats(0), call.floats(1));
}
double plus(double a, double b) { return a + b; }
double minus(double a, double b) { return a - b; }
double times(double a, double b) { return a * b; }
double over(double a, double b) { return a / b; }

template <double (*F)(double)>
HostTensor unary(const OpCall& call) {
  HostTensor y = call.floats(0);
  for (float& v : y.as<float>()) v = static_cast<float>(F(v));
  return y;
}
double positivePart(double v) { return v > 0 || std::isnan(v) ? v : 0; }
double root(double v) { return std::sqrt(v); }
double logistic(double v) { return 1 / (1 + std::exp(-v)); }
double errorFunction(double v) { return std::erf(v); }
double hyperbolicTangent(double v) { return std::tanh(v); }

HostTensor leakyRelu(const OpCall& call) {
  const float alpha = call.number("alpha", 0.01F);
  HostTensor y = call.floats(0);
  for (float& v : y.as<float>())
    if (v < 0) v *= alpha;
  return y;
}

HostTensor identity(const OpCall& call) { return call.tensor(0); }

HostTensor softmax(const OpCall& call) {
  HostTensor y = call.floats(0);
  call.require(!y.shape.empty(), "Its input has no dimension.");
  const Around s(y.shape, call.axis(call.integer("axis", -1), y.shape.size()));
  for (int64_t o = 0; o < s.outer; ++o)
    for (int64_t i = 0; i < s.inner; ++i) {
      const auto at = [&](int64_t k) -> float& {
        return y.as<float>()[static_cast<size_t>((o * s.size + k) * s.inner + i)];
      };
      double highest = -std::numeric_limits<double>::infinity(), sum = 0;
      for (int64_t k = 0; k < s.size; ++k) highest = std::max(highest, static_cast<double>(at(k)));
      for (int64_t k = 0; k < s.size; ++k) sum += std::exp(at(k) - highest);
      for (int64_t k = 0; k < s.size; ++k) at(k) = static_cast<float>(std::exp(at(k) - highest) / sum);
    }
  return y;
}

HostTensor gelu(const OpCall& call) {
  HostTensor y = call.floats(0);
  const std::string kind = call.text("approximate", "none");
  call.require(kind == "none" || kind == "tanh", "Its kind of approximation is not known.");
  for (float& v : y.as<float>()) {
    const double x = v;
    const double f = kind == "tanh" ? std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x))
                                    : std::erf(x / std::numbers::sqrt2);
    v = static_cast<float>(x * (1 + f) / 2);
  }
  return y;
}

// Values of a float16 model are rounded where they become float16, and otherwise computed as float32.
HostTensor cast(const OpCall& call) {
  const HostTensor& x = call.tensor(0);
  const auto to = dtypeOf(call.integer("to", 0));
  if (x.dtype == DType::Float32 && to == DType::Float32) return x;
  if (x.dtype == DType::Float32 && to == DType::Float16) return widened(narrowed(x, DType::Float16));
  call.require(dtypeOf(call.integer("to", 0)) == DType::Float32 && x.dtype == DType::Int64,
               "Only int64 is converted, to float32.");
  HostTensor y = call.result(x.shape);
  for (size_t i = 0; i < y.as<float>().size(); ++i) y.as<float>()[i] = static_cast<float>(x.as<int64_t>()[i]);
  return y;
}

}  // namespace

std::map<std::string, OpFunction> elementOps() {
  return {{"Add", binary<plus>},
          {"Cast", cast},
          {"Div", binary<over>},
          {"Erf", unary<errorFunction>},
          {"Gelu", gelu},
          {"Identity", identity},
          {"LeakyRelu", leakyRelu},
          {"Mul", binary<times>},
          {"Relu", unary<positivePart>},
          {"Sigmoid", unary<logistic>},
          {"Softmax", softmax},
          {"Sqrt", unary<root>},
          {"Sub", binary<minus>},
          {"Tanh", unary<hyperbolicTangent>}};
}

}  // namespace netwright::convert::onnx
