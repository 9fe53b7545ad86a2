// SPDX-License-Identifier: Apache-2.0
#include "core/layers/node_spec.h"

#include <algorithm>
#include <cctype>

#include "core/graph/expand.h"
#include "core/layers/registry.h"

namespace netwright::layers {
namespace {

template <class T>
T paramOr(const graph::Node& node, const char* name, T fallback) {
  const auto it = node.params.find(name);
  const T* value = it == node.params.end() ? nullptr : std::get_if<T>(&it->second);
  return value ? *value : fallback;
}

// "Residual Block" -> "residual_block", as names of nodes are written.
std::string stemOf(const std::string& title) {
  std::string stem;
  for (const char c : title)
    if (std::isalnum(static_cast<unsigned char>(c)))
      stem += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!stem.empty() && stem.back() != '_')
      stem += '_';
  while (!stem.empty() && stem.back() == '_') stem.pop_back();
  return stem.empty() ? "block" : stem;
}

}  // namespace

std::shared_ptr<const LayerSpec> specOf(const LayerSpec& layer, const Attributes& params, const Attributes& names) {
  if (!layer.portsFor) return {std::shared_ptr<const LayerSpec>(), &layer};
  auto made = std::make_shared<LayerSpec>(layer);
  Ports ports = layer.portsFor(params, names);
  made->inputs = std::move(ports.inputs);
  made->outputs = std::move(ports.outputs);
  made->portsFor = nullptr;
  return made;
}

std::shared_ptr<const LayerSpec> specOf(const graph::Document& document, const graph::Node& node, BlockId body) {
  if (node.kind == graph::kInstance) {
    const graph::Block* block = node.bodies.empty() ? nullptr : document.findBlock(node.bodies.front());
    return block ? std::make_shared<const LayerSpec>(blockSpec(*block)) : nullptr;
  }
  const LayerSpec* layer = findLayer(node.kind);
  if (!layer) return nullptr;
  if (layer->category == Category::Control)
    return std::make_shared<const LayerSpec>(controlSpec(*layer, facesOf(document, node)));
  return specOf(*layer, node.params, layer->portsFor ? graph::namesIn(document, body) : Attributes{});
}

std::vector<Face> facesOf(const graph::Document& document, const graph::Node& node) {
  std::vector<Face> faces;
  for (const BlockId id : node.bodies)
    if (const graph::Block* block = document.findBlock(id))
      faces.push_back({block->name, graph::portNames(block->body, graph::kBlockInput),
                       graph::portNames(block->body, graph::kBlockOutput)});
  return faces;
}

LayerSpec controlSpec(const LayerSpec& layer, const std::vector<Face>& bodies) {
  LayerSpec spec = layer;
  if (bodies.empty()) return spec;
  const bool loops = layer.id == "loop";
  spec.inputs.clear();
  for (const std::string& port : bodies.front().inputs)
    if (!loops || port != kStep) spec.inputs.push_back({port, "as in the body", false, ""});
  spec.inputs.insert(spec.inputs.end(), layer.inputs.begin(), layer.inputs.end());
  for (const std::string& port : bodies.front().outputs)
    if (!loops || port != kAgain) spec.outputs.push_back({port, "as in the body", false, ""});
  return spec;
}

LayerSpec blockSpec(const graph::Block& block) {
  LayerSpec spec{graph::kInstance, block.name, Category::Block};
  spec.doc = block.doc.substr(0, block.doc.find('\n'));
  spec.stem = stemOf(block.name);
  spec.params = block.params;
  spec.bodies = {block.id};
  spec.params.push_back(
      intParam(graph::kRepeat, 1)
          .min(1)
          .withDoc("So many copies in a chain, each with weights of its own; formulas may use its number, index."));
  spec.params.push_back(boolParam("time_distributed", false)
                            .withDoc("The block runs at every time step: its inputs (N, T, *) enter as (N T, *), and "
                                     "its outputs leave as (N, T, *)."));
  for (const graph::Node& n : block.body.nodes) {
    if (n.kind == graph::kBlockInput)
      spec.inputs.push_back({n.name, paramOr<std::string>(n, "form", ""), paramOr(n, "optional", false), ""});
    if (n.kind == graph::kBlockOutput) spec.outputs.push_back({n.name, paramOr<std::string>(n, "form", ""), false, ""});
  }
  return spec;
}

}  // namespace netwright::layers
