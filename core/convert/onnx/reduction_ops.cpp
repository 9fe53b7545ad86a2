// SPDX-License-Identifier: Apache-2.0
// Means, and operators that bring values to mean 0 and variance 1. Formulas: onnx/docs/Operators.md, opsets 17 to 22:
// axes are an attribute before 18, an input from there on.
#include <cmath>

#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

HostTensor reduceMean(const OpCall& call) {
  const HostTensor& x = call.floats(0);
  Ints all(x.shape.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int64_t>(i);
  Ints shape = x.shape;  // with ones where a mean is taken
  std::vector<bool> gone(shape.size(), false);
  for (const int64_t a : call.has(1) ? call.ints(1) : call.list("axes", all))
    gone[static_cast<size_t>(call.axis(a, shape.size()))] = true;
  for (size_t i = 0; i < shape.size(); ++i)
    if (gone[i]) shape[i] = 1;
  HostTensor y = call.result(shape);
  std::vector<double> sums(y.as<float>().size());
  for (int64_t i = 0; i < x.count(); ++i) sums[source(i, x.shape, shape)] += x.as<float>()[static_cast<size_t>(i)];
  const double share = x.count() == 0 ? 1 : static_cast<double>(x.count()) / static_cast<double>(y.count());
  for (size_t i = 0; i < sums.size(); ++i) y.as<float>()[i] = static_cast<float>(sums[i] / share);
  if (call.integer("keepdims", 1) != 0) return y;
  y.shape.clear();
  for (size_t i = 0; i < shape.size(); ++i)
    if (!gone[i]) y.shape.push_back(shape[i]);
  return y;
}

HostTensor globalAveragePool(const OpCall& call) {
  const HostTensor& x = call.floats(0);
  call.require(x.shape.size() >= 3, "It works on images (N, C, *) only.");
  Ints shape(x.shape.size(), 1);
  shape[0] = x.shape[0];
  shape[1] = x.shape[1];
  HostTensor y = call.result(shape);
  const int64_t size = y.count() == 0 ? 0 : x.count() / y.count();
  for (int64_t i = 0; i < y.count(); ++i) {
    double sum = 0;
    for (int64_t k = 0; k < size; ++k) sum += x.as<float>()[static_cast<size_t>(i * size + k)];
    y.as<float>()[static_cast<size_t>(i)] = static_cast<float>(sum / static_cast<double>(size));
  }
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

HostTensor layerNormalization(const OpCall& call) {
  HostTensor y = call.floats(0);
  const auto axis = static_cast<size_t>(call.axis(call.integer("axis", -1), y.shape.size()));
  const Ints over(y.shape.begin() + static_cast<std::ptrdiff_t>(axis), y.shape.end());
  const int64_t size = elementCount(over);
  for (size_t i = 1; i <= 2; ++i)
    call.require((i == 2 && !call.has(2)) || call.floats(i).shape == over,
                 "Its scale and offset do not fit the last dimensions.");
  const double eps = call.number("epsilon", 1e-5F);
  const auto values = y.as<float>();
  for (size_t from = 0; from < values.size(); from += static_cast<size_t>(size)) {
    double sum = 0, squares = 0;
    for (int64_t k = 0; k < size; ++k) sum += values[from + static_cast<size_t>(k)];
    const double mean = sum / static_cast<double>(size);
    for (int64_t k = 0; k < size; ++k) squares += std::pow(values[from + static_cast<size_t>(k)] - mean, 2);
    const double deviation = std::sqrt(squares / static_cast<double>(size) + eps);
    for (int64_t k = 0; k < size; ++k) {
      const auto at = static_cast<size_t>(k);
      const double offset = call.has(2) ? call.floats(2).as<float>()[at] : 0;
      values[from + at] =
          static_cast<float>((values[from + at] - mean) / deviation * call.floats(1).as<float>()[at] + offset);
    }
  }
  return y;
}

}  // namespace

std::map<std::string, OpFunction> reductionOps() {
  return {{"BatchNormalization", batchNormalization},
          {"GlobalAveragePool", globalAveragePool},
          {"LayerNormalization", layerNormalization},
          {"ReduceMean", reduceMean}};
}

}  // namespace netwright::convert::onnx
