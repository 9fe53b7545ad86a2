// SPDX-License-Identifier: Apache-2.0
// Operators on single values and along axes. Formulas: onnx/docs/Operators.md, opset 17.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

// The common shape of two tensors, sizes compared from the last; 1 stretches.
Ints broadcast(const OpCall& call, const Ints& a, const Ints& b) {
  Ints shape(std::max(a.size(), b.size()), 1);
  for (size_t i = 1; i <= shape.size(); ++i) {
    const int64_t x = i <= a.size() ? a[a.size() - i] : 1, y = i <= b.size() ? b[b.size() - i] : 1;
    call.require(x == y || x == 1 || y == 1, "Its inputs cannot be broadcast to one size.");
    shape[shape.size() - i] = x == 1 ? y : x;
  }
  return shape;
}

// Where the value at `index` of the broadcast shape lies in a tensor of shape `own`.
size_t source(int64_t index, const Ints& shape, const Ints& own) {
  int64_t at = 0, step = 1;
  for (size_t i = 1; i <= shape.size(); ++i) {
    const int64_t position = index % shape[shape.size() - i];
    index /= shape[shape.size() - i];
    if (i > own.size()) continue;
    const int64_t size = own[own.size() - i];
    if (size != 1) at += position * step;
    step *= size;
  }
  return static_cast<size_t>(at);
}

template <double (*F)(double, double)>
HostTensor binary(const OpCall& call) {
  const HostTensor &a = call.floats(0), &b = call.floats(1);
  HostTensor y = call.result(broadcast(call, a.shape, b.shape));
  const auto va = a.as<float>(), vb = b.as<float>();
  const auto out = y.as<float>();
  for (size_t i = 0; i < out.size(); ++i) {
    const auto index = static_cast<int64_t>(i);
    out[i] = static_cast<float>(F(va[a.shape == y.shape ? i : source(index, y.shape, a.shape)],
                                  vb[b.shape == y.shape ? i : source(index, y.shape, b.shape)]));
  }
  return y;
}
double plus(double a, double b) { return a + b; }
double minus(double a, double b) { return a - b; }
double times(double a, double b) { return a * b; }
double over(double a, double b) { return a / b; }

template <float (*F)(float)>
HostTensor unary(const OpCall& call) {
  HostTensor y = call.floats(0);
  for (float& v : y.as<float>()) v = F(v);
  return y;
}
float positivePart(float v) { return v > 0 || std::isnan(v) ? v : 0; }
float root(float v) { return std::sqrt(v); }

HostTensor identity(const OpCall& call) { return call.tensor(0); }

// A tensor seen as (outer, size, inner) around one axis.
struct Around {
  int64_t outer = 1, size = 1, inner = 1;
  Around(const Ints& shape, int64_t axis) {
    for (size_t i = 0; i < shape.size(); ++i) {
      const auto d = static_cast<int64_t>(i);
      (d < axis ? outer : d == axis ? size : inner) *= shape[i];
    }
  }
};

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

HostTensor reduceMean(const OpCall& call) {
  const HostTensor& x = call.floats(0);
  call.require(call.integer("keepdims", 1) == 1, "Only keepdims=1 is supported.");
  Ints all(x.shape.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int64_t>(i);
  Ints shape = x.shape;
  for (const int64_t a : call.list("axes", all)) shape[static_cast<size_t>(call.axis(a, shape.size()))] = 1;
  HostTensor y = call.result(shape);
  std::vector<double> sums(y.as<float>().size());
  for (int64_t i = 0; i < x.count(); ++i) sums[source(i, x.shape, shape)] += x.as<float>()[static_cast<size_t>(i)];
  const double share = x.count() == 0 ? 1 : static_cast<double>(x.count()) / static_cast<double>(y.count());
  for (size_t i = 0; i < sums.size(); ++i) y.as<float>()[i] = static_cast<float>(sums[i] / share);
  return y;
}

HostTensor batchNormalization(const OpCall& call) {
  HostTensor y = call.floats(0);
  call.require(call.integer("training_mode", 0) == 0, "Its training mode is not supported.");
  call.require(y.shape.size() >= 2, "Its input has no channels.");
  const Around s(y.shape, 1);
  for (size_t i = 1; i <= 4; ++i)
    call.require(call.floats(i).shape == Ints{s.size}, "Its scale, offset, mean and variance do not fit the channels.");
  const double eps = call.number("epsilon", 1e-5F);
  for (int64_t i = 0; i < y.count(); ++i) {
    const auto c = static_cast<size_t>(i / s.inner % s.size);
    const auto of = [&](size_t input) { return static_cast<double>(call.floats(input).as<float>()[c]); };
    float& v = y.as<float>()[static_cast<size_t>(i)];
    v = static_cast<float>((v - of(3)) / std::sqrt(of(4) + eps) * of(1) + of(2));
  }
  return y;
}

}  // namespace

std::map<std::string, OpFunction> elementOps() {
  return {{"Add", binary<plus>},         {"BatchNormalization", batchNormalization},
          {"Div", binary<over>},         {"Identity", identity},
          {"Mul", binary<times>},        {"ReduceMean", reduceMean},
          {"Relu", unary<positivePart>}, {"Softmax", softmax},
          {"Sqrt", unary<root>},         {"Sub", binary<minus>}};
}

}  // namespace netwright::convert::onnx
