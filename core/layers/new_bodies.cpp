// SPDX-License-Identifier: Apache-2.0
#include "core/layers/new_bodies.h"

#include <string>
#include <utility>

#include "core/graph/blocks.h"
#include "core/layers/node_spec.h"
#include "core/layers/registry.h"

namespace netwright::layers {
namespace {

// The ports of a new body: input and the output that it goes to.
using Ways = std::vector<std::pair<const char*, const char*>>;

struct NewBody {
  const char* name;
  Ways ways;
};

std::vector<NewBody> bodiesOf(const std::string& layer) {
  const Ways plain{{"x", "y"}};
  if (layer == graph::kIf) return {{"Then", plain}, {"Otherwise", plain}};
  if (layer == "switch") return {{"Case 0", plain}, {"Case 1", plain}};
  if (layer == "loop") return {{"Loop step", plain}};
  if (layer == "scan") return {{"Scan step", {{"h", "h_next"}, {"x", "y"}}}};
  if (layer == "map") return {{"Map part", plain}};
  return {};
}

graph::Document bodyOf(const Ways& ways) {
  constexpr double kColumn = 260, kRow = 120;
  graph::Document body;
  double y = 0;
  for (const auto& [from, to] : ways) {
    graph::Node in = newNode(*findLayer(graph::kBlockInput), body, {0, y});
    in.name = from;
    body.nodes.push_back(in);
    graph::Node out = newNode(*findLayer(graph::kBlockOutput), body, {kColumn, y});
    out.name = to;
    body.nodes.push_back(out);
    body.wires.push_back({{in.id, "y"}, {out.id, "x"}});
    y += kRow;
  }
  return body;
}

}  // namespace

std::vector<graph::Block> newBodies(const LayerSpec& layer, const graph::Document& root) {
  std::vector<graph::Block> made;
  BlockId id = root.freshBlockId();
  for (const NewBody& body : bodiesOf(layer.id)) {
    graph::Block& block = made.emplace_back();
    block.id = id;
    block.name = graph::freshBlockName(root, body.name);
    block.body = bodyOf(body.ways);
    ++id.value;
  }
  return made;
}

std::shared_ptr<const LayerSpec> withNewBodies(const LayerSpec& layer, const graph::Document& root) {
  const std::vector<graph::Block> made = newBodies(layer, root);
  if (made.empty()) return {std::shared_ptr<void>(), &layer};
  std::vector<Face> faces;
  std::vector<BlockId> ids;
  for (const graph::Block& block : made) {
    faces.push_back({block.name, graph::portNames(block.body, graph::kBlockInput),
                     graph::portNames(block.body, graph::kBlockOutput)});
    ids.push_back(block.id);
  }
  auto spec = std::make_shared<LayerSpec>(controlSpec(layer, faces));
  spec->bodies = ids;
  return spec;
}

graph::Edit addingBodies(graph::Edit edit, const graph::Document& root) {
  std::vector<graph::Step> definitions;
  for (const graph::Step& step : edit.steps) {
    const auto* add = std::get_if<graph::AddNode>(&step);
    const LayerSpec* layer = add && !add->node.bodies.empty() ? findLayer(add->node.kind) : nullptr;
    if (!layer || root.findBlock(add->node.bodies.front())) continue;
    for (graph::Block& block : newBodies(*layer, root)) definitions.emplace_back(graph::AddBlock{std::move(block)});
  }
  edit.steps.insert(edit.steps.begin(), definitions.begin(), definitions.end());
  return edit;
}

}  // namespace netwright::layers
