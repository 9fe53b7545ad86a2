// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/fit.h"

#include <optional>

#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"

namespace netwright::editor {
namespace {

// An Input layer whose output has this type; none where sizes depend on more than the batch.
std::optional<graph::Node> sourceOf(const program::ValueType& type, const graph::Document& document) {
  if (!type.isTensor() || type.tensor().shape.size() < 2) return std::nullopt;
  const DType dtype = type.tensor().dtype;
  if (dtype != DType::DefaultFloat && dtype != DType::Int64) return std::nullopt;
  if (!(type.tensor().shape.front() == program::Dim::symbol("N"))) return std::nullopt;
  std::vector<int64_t> sizes;
  for (size_t i = 1; i < type.tensor().shape.size(); ++i) {
    const auto size = type.tensor().shape[i].constant();
    if (!size || *size < 1) return std::nullopt;
    sizes.push_back(*size);
  }
  graph::Node source = layers::newNode(*layers::findLayer("input"), document, {});
  source.params["shape"] = sizes;
  source.params["dtype"] = std::string(dtype == DType::Int64 ? "int64" : "float");
  return source;
}

}  // namespace

QString whyMisfit(const graph::Node& node, const std::string& input, const program::ValueType& type) {
  graph::Document document;
  document.nodes.push_back(node);
  auto source = sourceOf(type, document);
  if (!source) return {};
  const PortRef from{source->id, "y"};
  document.nodes.insert(document.nodes.begin(), std::move(*source));
  document.wires.push_back({from, {node.id, input}});
  for (const Diagnostic& d : layers::lowerGraph(document).diagnostics)
    if (!d.node.empty() && d.node.back() == node.id && d.severity == Severity::Error && d.code.starts_with("NW-S"))
      return QString::fromStdString(d.text());
  return {};
}

QString whyMisfit(const layers::LayerSpec& layer, const program::ValueType& type) {
  if (layer.inputs.empty()) return {};
  return whyMisfit(layers::newNode(layer, {}, {}), layer.inputs.front().name, type);
}

}  // namespace netwright::editor
