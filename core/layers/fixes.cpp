// SPDX-License-Identifier: Apache-2.0
#include "core/layers/fixes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "core/layers/registry.h"

namespace netwright::layers {
namespace {

using Sizes = std::vector<int64_t>;

// A node with a complaint, and the wire into the input at fault.
struct Fault {
  const graph::Document& document;
  const graph::Node& node;
  const graph::Wire* wire = nullptr;
  program::Shape shape;  // what the wire brings; empty if that is unknown

  void set(Diagnostic& d, const std::string& param, Attribute value) const {
    std::string label = fmt::format("Set {} to {}", param, toText(value));
    d.fixes.push_back({std::move(label), {SetParamStep{node.id, param, std::move(value)}}});
  }
  void insert(Diagnostic& d, const char* kind, Attributes params, const std::string& label) const {
    d.fixes.push_back(
        {fmt::format("{} before {}", label, node.name), {InsertLayerStep{kind, std::move(params), wire->to}}});
  }
  // A parameter of whole numbers, one for each of `count` dimensions; `fallback` where the layer has none.
  Sizes sizes(const char* param, size_t count, int64_t fallback) const {
    const auto found = node.params.find(param);
    if (found != node.params.end()) {
      if (const auto* one = std::get_if<int64_t>(&found->second)) return Sizes(count, *one);
      const auto* list = std::get_if<Sizes>(&found->second);
      if (list && list->size() == 1) return Sizes(count, list->front());
      if (list && list->size() == count) return *list;
    }
    return Sizes(count, fallback);
  }
  // How many dimensions the layer's windows have: as many as its kernel, or all of the input's behind the channels.
  size_t windowDims() const { return shape.size() < 3 ? 0 : shape.size() - 2; }
  // As one number where the parameter holds one.
  Attribute like(const char* param, const Sizes& sizes) const {
    if (std::holds_alternative<int64_t>(node.params.at(param))) return *std::min_element(sizes.begin(), sizes.end());
    return sizes;
  }
};

const program::ValueType* typeOf(const NodeReports& nodes, const PortRef& output) {
  const auto report = nodes.find(output.node);
  if (report == nodes.end()) return nullptr;
  const auto type = report->second.outputs.find(output.port);
  return type == report->second.outputs.end() || !type->second.isTensor() ? nullptr : &type->second;
}

void fixRank(const Fault& f, Diagnostic& d) {
  int low = 0, high = 0;
  if (std::sscanf(d.args["expected"].c_str(), "%d to %d", &low, &high) < 2) high = low;
  const auto rank = static_cast<int>(f.shape.size());
  if (rank > high && high >= 2) {
    const int64_t start = std::max(1, high - 1);
    return f.insert(d, "flatten", {{"start_dim", start}}, "Add Flatten");
  }
  const auto sample = rank >= 1 && rank < low ? program::constants({f.shape.begin() + 1, f.shape.end()}) : std::nullopt;
  if (!sample) return;
  Sizes sizes(static_cast<size_t>(low - rank), 1);
  sizes.insert(sizes.end(), sample->begin(), sample->end());
  f.insert(d, "reshape", {{"shape", sizes}}, "Add Reshape to " + toText(sizes));
}

void fixFeatures(const Fault& f, Diagnostic& d) {
  if (f.shape.size() <= 2 || !f.node.params.contains("in_features")) return;
  const auto* pinned = std::get_if<int64_t>(&f.node.params.at("in_features"));
  f.insert(d, "flatten", {}, "Add Flatten");
  if (pinned && program::product(f.shape, 1).equals(*pinned) == program::Answer::Yes)
    std::rotate(d.fixes.begin(), d.fixes.end() - 1, d.fixes.end());
}

// The largest kernel that fits, dimension by dimension.
void fixWindow(const Fault& f, Diagnostic& d) {
  const size_t dims = f.windowDims();
  if (dims == 0 || !f.node.params.contains("kernel_size")) return;
  const Sizes padding = f.sizes("padding", dims, 0), dilation = f.sizes("dilation", dims, 1);
  Sizes kernel = f.sizes("kernel_size", dims, 1);
  for (size_t i = 0; i < dims; ++i) {
    const auto size = f.shape[2 + i].constant();
    if (!size) return;
    kernel[i] = std::min(kernel[i], (*size + 2 * padding[i] - 1) / dilation[i] + 1);
    if (kernel[i] < 1) return;
  }
  f.set(d, "kernel_size", f.like("kernel_size", kernel));
}

void fixPoolPadding(const Fault& f, Diagnostic& d) {
  const size_t dims = f.windowDims();
  Sizes padding = f.sizes("padding", dims, 0);
  const Sizes kernel = f.sizes("kernel_size", dims, 1);
  for (size_t i = 0; i < dims; ++i) padding[i] = std::min(padding[i], kernel[i] / 2);
  if (dims > 0) f.set(d, "padding", f.like("padding", padding));
}

// The parameter that names the dimension which is not there.
void fixDim(const Fault& f, Diagnostic& d) {
  for (const auto& [param, value] : f.node.params)
    if (const auto* dim = std::get_if<int64_t>(&value); dim && std::to_string(*dim) == d.args["dim"]) {
      d.param = param;
      return f.set(d, param, int64_t{-1});
    }
}

// An Input layer of whole numbers before a layer that computes with real ones.
void fixType(const Fault& f, Diagnostic& d) {
  const graph::Node* source = f.document.find(f.wire->from.node);
  if (d.args["expected"] != "float" || !source || source->kind != "input") return;
  d.fixes.push_back({fmt::format("Set dtype of {} to float", source->name),
                     {SetParamStep{source->id, "dtype", std::string("float")}}});
}

void fixByCode(const Fault& f, Diagnostic& d) {
  if (d.code == "NW-S001") fixRank(f, d);
  if (d.code == "NW-S002") fixWindow(f, d);
  if (d.code == "NW-S003") fixFeatures(f, d);
  if (d.code == "NW-S006") fixDim(f, d);
  if (d.code == "NW-S007") fixType(f, d);
  if (d.code == "NW-S010") f.set(d, "end_dim", int64_t{-1});
  if (d.code == "NW-S024") f.set(d, "padding", int64_t{0});
  if (d.code == "NW-P004") fixPoolPadding(f, d);
  if (d.code == "NW-P007") f.set(d, "output_padding", int64_t{0});
}

}  // namespace

void addFixes(const graph::Document& document, const NodeReports& nodes, Diagnostic& d) {
  const graph::Node* node = document.find(d.node.back());
  const LayerSpec* layer = node ? findLayer(node->kind) : nullptr;
  if (!layer || layer->inputs.empty()) return;
  if (d.param.empty() && d.args.contains("param")) d.param = d.args["param"];
  const bool pair = d.code == "NW-S005" || d.code == "NW-S021";  // of two, the later one does not fit
  if (d.port.empty() && d.param.empty()) d.port = (pair ? layer->inputs.back() : layer->inputs.front()).name;
  const std::string& port = d.port.empty() ? layer->inputs.front().name : d.port;
  const graph::Wire* wire = document.wireInto({node->id, port});
  const program::ValueType* type = wire ? typeOf(nodes, wire->from) : nullptr;
  if (type) fixByCode({document, *node, wire, type->tensor().shape}, d);
}

std::optional<Fix> resizedOutput(const graph::Document& document, const NodeReports& nodes, NodeId end, int64_t size) {
  const graph::Wire* wire = document.wireInto({end, "x"});
  const program::ValueType* output = wire ? typeOf(nodes, wire->from) : nullptr;
  if (!output || output->tensor().shape.size() != 2) return std::nullopt;
  while (wire) {  // back over layers that keep the shape
    const graph::Node* node = document.find(wire->from.node);
    const program::ValueType* type = typeOf(nodes, wire->from);
    if (!node || !type || type->tensor().shape != output->tensor().shape) return std::nullopt;
    if (node->params.contains("out_features"))
      return Fix{fmt::format("Set out_features of {} to {}", node->name, size),
                 {SetParamStep{node->id, "out_features", size}}};
    wire = document.wireInto({node->id, "x"});
  }
  return std::nullopt;
}

void addLossFixes(const graph::Document& document, const NodeReports& nodes, NodeId end, const program::Shape& target,
                  Diagnostic& d) {
  if (d.code != "NW-S027" || target.size() > 2) return;
  const auto wanted = target.size() == 1 ? std::optional<int64_t>(1) : target.back().constant();
  if (!wanted) return;
  if (auto fix = resizedOutput(document, nodes, end, *wanted)) d.fixes.push_back(std::move(*fix));
}

}  // namespace netwright::layers
