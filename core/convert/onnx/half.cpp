// SPDX-License-Identifier: Apache-2.0
#include "core/convert/onnx/half.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/error.h"
#include "core/base/half.h"
#include "core/convert/name_table.h"

namespace netwright::convert::onnx {
namespace {

constexpr int64_t kFloat = 1, kHalf = 10;  // TensorProto.DataType

HostTensor halved(const std::string& name, const HostTensor& tensor) {
  if (tensor.dtype == DType::Float32)
    for (const float v : tensor.as<float>())
      if (std::isfinite(v) && std::abs(v) >= 65520)
        failInput(fmt::format("'{}' cannot be written as float16.", name),
                  fmt::format("It holds {}, and float16 ends at 65504.", v), "Choose float32.");
  return narrowed(tensor, DType::Float16);
}

Node cast(const std::string& from, const std::string& to, int64_t type) {
  return {to + "_cast", "Cast", "", {from}, {to}, {{"to", type}}};
}

void rename(std::vector<std::string>& names, const std::map<std::string, std::string>& inside) {
  for (std::string& name : names)
    if (const auto it = inside.find(name); it != inside.end()) name = it->second;
}

bool isFloat(const ValueInfo& v) { return v.dtype == DType::Float32 || v.dtype == DType::DefaultFloat; }

void halve(std::vector<ValueInfo>& values) {
  for (ValueInfo& v : values)
    if (isFloat(v)) v.dtype = DType::Float16;
}

void takeNames(const Graph& graph, NameTable& names) {
  for (const auto* values : {&graph.inputs, &graph.values, &graph.outputs})
    for (const ValueInfo& v : *values) names.take(v.name);
  for (const NamedTensor& t : graph.initializers) names.take(t.name);
  for (const Node& n : graph.nodes) {
    for (const std::string& output : n.outputs) names.take(output);
    for (const Attribute& a : n.attributes)
      if (const auto* inner = std::get_if<std::shared_ptr<Graph>>(&a.value)) takeNames(**inner, names);
  }
}

// Nodes and values between inputs and outputs; graphs inside as a whole.
void halveNodes(Graph& graph, const std::map<std::string, std::string>& inside) {
  halve(graph.values);
  for (Node& n : graph.nodes) {
    rename(n.inputs, inside);
    rename(n.outputs, inside);
    for (Attribute& a : n.attributes) {
      if (n.opType == "Cast" && a.name == "to" && std::get<int64_t>(a.value) == kFloat) a.value = kHalf;
      if (auto* inner = std::get_if<std::shared_ptr<Graph>>(&a.value)) {
        for (NamedTensor& t : (*inner)->initializers) t.tensor = halved(t.name, t.tensor);
        halve((*inner)->inputs);
        halve((*inner)->outputs);
        halveNodes(**inner, inside);
      }
    }
  }
}

}  // namespace

void makeHalf(Model& model) {
  Graph& graph = model.graph;
  std::vector<NamedTensor> constants;
  for (const TensorRef& t : graph.weights) constants.push_back({t.name, halved(t.name, *t.tensor)});
  for (const NamedTensor& t : graph.initializers) constants.push_back({t.name, halved(t.name, t.tensor)});
  graph.weights.clear();
  graph.initializers = std::move(constants);

  NameTable names;
  takeNames(graph, names);
  std::map<std::string, std::string> inside;  // what inputs and outputs are called between the casts
  std::vector<Node> before, after;
  for (const ValueInfo& v : graph.inputs)
    if (isFloat(v)) before.push_back(cast(v.name, inside[v.name] = names.take(v.name + "_half"), kHalf));
  for (const ValueInfo& v : graph.outputs)
    if (isFloat(v)) after.push_back(cast(inside[v.name] = names.take(v.name + "_half"), v.name, kFloat));
  halveNodes(graph, inside);
  graph.nodes.insert(graph.nodes.begin(), before.begin(), before.end());
  graph.nodes.insert(graph.nodes.end(), after.begin(), after.end());
}

}  // namespace netwright::convert::onnx
