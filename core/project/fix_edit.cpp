// SPDX-License-Identifier: Apache-2.0
#include "core/project/fix_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/layers/registry.h"

namespace netwright::project {
namespace {

using graph::Document;
using graph::Edit;

constexpr double kPitch = 270;     // from one node to the next in a row
constexpr double kRowHeight = 70;  // nodes nearer than this in y stand in one row

Edit stepEdit(const Document& document, const SetParamStep& step) {
  return document.find(step.node) ? graph::setParam(document, step.node, step.param, step.value) : Edit{};
}

Edit stepEdit(const Document& document, const InsertLayerStep& step) {
  const layers::LayerSpec* layer = layers::findLayer(step.kind);
  const graph::Wire* wire = document.wireInto(step.before);
  if (!layer || !wire) return {};
  graph::Node node = layers::newNode(*layer, document, {});
  for (const auto& [name, value] : step.params) node.params[name] = value;
  return insertIntoWire(document, *layer, std::move(node), *wire);
}

Edit stepEdit(const Document& document, const DisconnectStep& step) {
  const graph::Wire* wire = document.wireInto(step.input);
  return wire ? graph::disconnect(*wire) : Edit{};
}

}  // namespace

Edit insertIntoWire(const Document& document, const layers::LayerSpec& layer, graph::Node node,
                    const graph::Wire& wire) {
  const graph::Node *from = document.find(wire.from.node), *to = document.find(wire.to.node);
  if (layer.inputs.empty() || layer.outputs.empty() || !from || !to) return {};
  Edit edit{fmt::format("Insert {} before {}", layer.title, to->name), {}};
  const bool sameRow = std::abs(from->position.y - to->position.y) < kRowHeight;
  if (sameRow && to->position.x - from->position.x >= 2 * kPitch) {
    node.position = {from->position.x + kPitch, to->position.y};
  } else {
    node.position = to->position;
    for (const graph::Node& n : document.nodes)
      if (std::abs(n.position.y - to->position.y) < kRowHeight && n.position.x >= to->position.x)
        edit.steps.push_back(graph::Move{n.id, {n.position.x + kPitch, n.position.y}});
  }
  const size_t index = static_cast<size_t>(to - document.nodes.data());
  const PortRef in{node.id, layer.inputs.front().name}, out{node.id, layer.outputs.front().name};
  edit.steps.push_back(graph::Disconnect{wire});
  edit.steps.push_back(graph::AddNode{std::move(node), index});
  edit.steps.push_back(graph::Connect{{wire.from, in}});
  edit.steps.push_back(graph::Connect{{out, wire.to}});
  return edit;
}

Edit fixEdit(const Document& document, const Fix& fix) {
  const Document* body = document.body(fix.body);
  if (!body) return {};
  Document draft = *body;
  Edit all{fix.label, {}};
  for (const FixStep& step : fix.steps) {
    const Edit edit = std::visit([&](const auto& s) { return stepEdit(draft, s); }, step);
    graph::apply(draft, edit);
    all.steps.insert(all.steps.end(), edit.steps.begin(), edit.steps.end());
  }
  return std::move(all).in(fix.body);
}

}  // namespace netwright::project
