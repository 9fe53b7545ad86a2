// SPDX-License-Identifier: Apache-2.0
// Single nodes for tests of the ONNX evaluator.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/convert/onnx/evaluator.h"

namespace netwright::convert::onnx {

using Ints = std::vector<int64_t>;

inline HostTensor tensor(const Ints& shape, const std::vector<float>& values) {
  HostTensor t(DType::Float32, shape);
  EXPECT_EQ(t.as<float>().size(), values.size());
  std::copy(values.begin(), values.end(), t.as<float>().begin());
  return t;
}
inline HostTensor counting(const Ints& shape) {  // 1, 2, 3, ...
  HostTensor t(DType::Float32, shape);
  for (size_t i = 0; i < t.as<float>().size(); ++i) t.as<float>()[i] = static_cast<float>(i + 1);
  return t;
}
inline HostTensor integers(const Ints& values) {
  HostTensor t(DType::Int64, {static_cast<int64_t>(values.size())});
  std::copy(values.begin(), values.end(), t.as<int64_t>().begin());
  return t;
}

// All outputs of a node; an input without a value is left out.
inline std::vector<NamedTensor> applyAll(const std::string& op, const std::vector<std::optional<HostTensor>>& inputs,
                                         const std::vector<Attribute>& attributes,
                                         const std::vector<std::string>& outputs) {
  Model model;
  Node node{"node", op, "", {}, outputs, attributes};
  for (size_t i = 0; i < inputs.size(); ++i) {
    node.inputs.push_back(inputs[i] ? "in" + std::to_string(i) : "");
    if (inputs[i]) model.graph.initializers.push_back({node.inputs.back(), *inputs[i]});
  }
  model.graph.nodes = {node};
  for (const std::string& name : outputs)
    if (!name.empty()) model.graph.outputs.push_back({name, "", DType::Float32, {}});
  return evaluate(model, {});
}
inline HostTensor apply(const std::string& op, const std::vector<HostTensor>& inputs,
                        const std::vector<Attribute>& attributes = {}) {
  return applyAll(op, {inputs.begin(), inputs.end()}, attributes, {"y"})[0].tensor;
}
inline std::vector<float> values(const HostTensor& t) { return {t.as<float>().begin(), t.as<float>().end()}; }

}  // namespace netwright::convert::onnx
