// SPDX-License-Identifier: Apache-2.0
// Functions of single values, and softmax. Formulas: onnx/docs/Operators.md, opset 17 (Gelu 20, Mish 18).
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

template <double (*F)(double)>
HostTensor unary(const OpCall& call) {
  HostTensor y = call.floats(0);
  for (float& v : y.as<float>()) v = static_cast<float>(F(v));
  return y;
}
// Of whole numbers too.
template <double (*F)(double)>
HostTensor ofNumbers(const OpCall& call) {
  HostTensor y = call.tensor(0);
  if (y.dtype != DType::Int64) return unary<F>(call);
  for (int64_t& v : y.as<int64_t>()) v = static_cast<int64_t>(F(static_cast<double>(v)));
  return y;
}
double absolute(double v) { return std::abs(v); }
double acos(double v) { return std::acos(v); }
double acosh(double v) { return std::acosh(v); }
double asin(double v) { return std::asin(v); }
double asinh(double v) { return std::asinh(v); }
double atan(double v) { return std::atan(v); }
double atanh(double v) { return std::atanh(v); }
double ceil(double v) { return std::ceil(v); }
double cos(double v) { return std::cos(v); }
double cosh(double v) { return std::cosh(v); }
double errorFunction(double v) { return std::erf(v); }
double exp(double v) { return std::exp(v); }
double floor(double v) { return std::floor(v); }
double hyperbolicTangent(double v) { return std::tanh(v); }
double inverse(double v) { return 1 / v; }
double logarithm(double v) { return std::log(v); }
double logistic(double v) { return 1 / (1 + std::exp(-v)); }
double negative(double v) { return -v; }
double positivePart(double v) { return v > 0 || std::isnan(v) ? v : 0; }
double root(double v) { return std::sqrt(v); }
double toEven(double v) { return std::nearbyint(v); }
double sign(double v) { return v > 0 ? 1 : v < 0 ? -1 : v; }
double sin(double v) { return std::sin(v); }
double sinh(double v) { return std::sinh(v); }
double softplus(double v) { return v > 0 ? v + std::log1p(std::exp(-v)) : std::log1p(std::exp(v)); }
double softsign(double v) { return v / (1 + std::abs(v)); }
double tan(double v) { return std::tan(v); }
double mish(double v) { return v * std::tanh(softplus(v)); }
double hardSwish(double v) { return v * std::clamp(v / 6 + 0.5, 0.0, 1.0); }

// A function with two attributes.
template <double (*F)(double, double, double)>
HostTensor shaped(const OpCall& call, const char* first, float a, const char* second, float b) {
  HostTensor y = call.floats(0);
  const double alpha = call.number(first, a), beta = call.number(second, b);
  for (float& v : y.as<float>()) v = static_cast<float>(F(v, alpha, beta));
  return y;
}
double bent(double v, double alpha, double) { return v < 0 ? alpha * v : v; }
double exponentialLinear(double v, double alpha, double) { return v < 0 ? alpha * std::expm1(v) : v; }
double scaledExponential(double v, double alpha, double gamma) { return gamma * exponentialLinear(v, alpha, 0); }
double hardLogistic(double v, double alpha, double beta) { return std::clamp(alpha * v + beta, 0.0, 1.0); }
double shrunk(double v, double bias, double lambda) {
  if (std::isnan(v)) return v;
  return v < -lambda ? v + bias : v > lambda ? v - bias : 0;
}
HostTensor leakyRelu(const OpCall& call) { return shaped<bent>(call, "alpha", 0.01F, "", 0); }
HostTensor elu(const OpCall& call) { return shaped<exponentialLinear>(call, "alpha", 1, "", 0); }
HostTensor selu(const OpCall& call) {
  return shaped<scaledExponential>(call, "alpha", 1.67326319217681884765625F, "gamma", 1.05070102214813232421875F);
}
HostTensor hardSigmoid(const OpCall& call) { return shaped<hardLogistic>(call, "alpha", 0.2F, "beta", 0.5F); }
HostTensor shrink(const OpCall& call) { return shaped<shrunk>(call, "bias", 0, "lambd", 0.5F); }

// Slopes are broadcast to the input.
HostTensor prelu(const OpCall& call) {
  HostTensor y = call.floats(0);
  const HostTensor& slope = call.floats(1);
  call.require(broadcast(call, y.shape, slope.shape) == y.shape, "Its slopes do not fit its input.");
  for (int64_t i = 0; i < y.count(); ++i) {
    float& v = y.as<float>()[static_cast<size_t>(i)];
    if (v < 0) v *= slope.as<float>()[source(i, y.shape, slope.shape)];
  }
  return y;
}

HostTensor along(const OpCall& call, bool logarithmic) {
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
      for (int64_t k = 0; k < s.size; ++k) {
        const double shifted = at(k) - highest;
        at(k) = static_cast<float>(logarithmic ? shifted - std::log(sum) : std::exp(shifted) / sum);
      }
    }
  return y;
}
HostTensor softmax(const OpCall& call) { return along(call, false); }
HostTensor logSoftmax(const OpCall& call) { return along(call, true); }

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

}  // namespace

std::map<std::string, OpFunction> functionOps() {
  return {{"Abs", ofNumbers<absolute>},
          {"Acos", unary<acos>},
          {"Acosh", unary<acosh>},
          {"Asin", unary<asin>},
          {"Asinh", unary<asinh>},
          {"Atan", unary<atan>},
          {"Atanh", unary<atanh>},
          {"Ceil", unary<ceil>},
          {"Cos", unary<cos>},
          {"Cosh", unary<cosh>},
          {"Elu", elu},
          {"Erf", unary<errorFunction>},
          {"Exp", unary<exp>},
          {"Floor", unary<floor>},
          {"Gelu", gelu},
          {"HardSigmoid", hardSigmoid},
          {"HardSwish", unary<hardSwish>},
          {"LeakyRelu", leakyRelu},
          {"Log", unary<logarithm>},
          {"LogSoftmax", logSoftmax},
          {"Mish", unary<mish>},
          {"Neg", ofNumbers<negative>},
          {"PRelu", prelu},
          {"Reciprocal", unary<inverse>},
          {"Relu", ofNumbers<positivePart>},
          {"Round", unary<toEven>},
          {"Selu", selu},
          {"Shrink", shrink},
          {"Sigmoid", unary<logistic>},
          {"Sign", ofNumbers<sign>},
          {"Sin", unary<sin>},
          {"Sinh", unary<sinh>},
          {"Softmax", softmax},
          {"Softplus", unary<softplus>},
          {"Softsign", unary<softsign>},
          {"Sqrt", unary<root>},
          {"Tan", unary<tan>},
          {"Tanh", unary<hyperbolicTangent>}};
}

}  // namespace netwright::convert::onnx
