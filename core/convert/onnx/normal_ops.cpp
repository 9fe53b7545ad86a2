// SPDX-License-Identifier: Apache-2.0
// Operators that bring values to mean 0 and variance 1. Formulas: onnx/docs/Operators.md, opset 17.
#include <cmath>

#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

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

// Over each channel of each sample.
HostTensor instanceNormalization(const OpCall& call) {
  HostTensor y = call.floats(0);
  call.require(y.shape.size() >= 3, "It works on (N, C, *) only.");
  const int64_t channels = y.shape[1], planes = y.shape[0] * channels, size = planes == 0 ? 0 : y.count() / planes;
  for (const size_t i : {1, 2})
    call.require(call.floats(i).shape == Ints{channels}, "Its scale and offset do not fit the channels.");
  const double eps = call.number("epsilon", 1e-5F);
  for (int64_t p = 0; p < planes; ++p) {
    const auto values = y.as<float>().subspan(static_cast<size_t>(p * size), static_cast<size_t>(size));
    const auto c = static_cast<size_t>(p % channels);
    double sum = 0, squares = 0;
    for (const float v : values) sum += v;
    const double mean = sum / static_cast<double>(size);
    for (const float v : values) squares += (v - mean) * (v - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(size) + eps);
    for (float& v : values)
      v = static_cast<float>((v - mean) / deviation * call.floats(1).as<float>()[c] + call.floats(2).as<float>()[c]);
  }
  return y;
}

}  // namespace

std::map<std::string, OpFunction> normalOps() {
  return {{"BatchNormalization", batchNormalization},
          {"InstanceNormalization", instanceNormalization},
          {"LayerNormalization", layerNormalization}};
}

}  // namespace netwright::convert::onnx
