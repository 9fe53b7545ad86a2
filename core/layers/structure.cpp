// SPDX-License-Identifier: Apache-2.0
#include "core/layers/structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "core/layers/registry.h"

namespace netwright::layers {
namespace {

using graph::Expanded;

std::string labelOf(const Expanded& structure, NodeId id) {
  if (const auto instance = structure.instances.find(id); instance != structure.instances.end()) {
    const graph::Instance& made = instance->second;
    return fmt::format("{} '{}'", made.title.empty() ? "Block" : made.title, made.name);
  }
  const graph::Node* node = structure.flat.find(id);
  return node ? label(*node) : "";
}

Diagnostic diagnostic(const Expanded& structure, const graph::Problem& problem) {
  Diagnostic d;
  d.code = problem.code;
  d.args = problem.args;
  if (problem.node) {
    d.args["layer"] = labelOf(structure, problem.node);
    d.node = {problem.node};
  }
  d.param = problem.param;
  d.port = problem.port;
  if (problem.code == "NW-P002") d.severity = Severity::Warning;
  if (problem.disconnect) d.fixes = {{"Remove the wire", {DisconnectStep{*problem.disconnect}}, {}}};
  return d;
}

// Where a flat number is drawn: the body, and its number there.
std::pair<BlockId, NodeId> drawn(const Expanded& structure, NodeId id) {
  const auto place = structure.places.find(id);
  if (place == structure.places.end()) return {{}, id};
  return {structure.copies[place->second.copy].body, place->second.node};
}

// False if a step reaches into another body.
bool localiseFix(const Expanded& structure, BlockId body, Fix& fix) {
  fix.body = body;
  bool inside = true;
  const auto local = [&](NodeId& id) {
    const auto [where, own] = drawn(structure, id);
    inside = inside && where == body;
    id = own;
  };
  for (FixStep& step : fix.steps) {
    if (auto* set = std::get_if<SetParamStep>(&step)) local(set->node);
    if (auto* insert = std::get_if<InsertLayerStep>(&step)) local(insert->before.node);
    if (auto* disconnect = std::get_if<DisconnectStep>(&step)) local(disconnect->input.node);
  }
  return inside;
}

}  // namespace

void reportInstances(const graph::Document& document, const Expanded& structure, NodeReports& nodes) {
  for (const auto& [id, instance] : structure.instances) {
    NodeReport report;
    if (const graph::Block* block = document.findBlock(instance.block))
      for (const std::string& port : graph::portNames(block->body, graph::kBlockOutput)) report.outputs[port] = {};
    for (const auto& [port, from] : instance.outputs) {
      const auto inner = nodes.find(from.node);
      if (inner == nodes.end()) continue;
      if (const auto type = inner->second.outputs.find(from.port); type != inner->second.outputs.end())
        report.outputs[port] = type->second;
      if (const auto value = inner->second.values.find(from.port); value != inner->second.values.end())
        report.values[port] = value->second;
    }
    size_t past = instance.first;  // the end of bodies whose node told their cost
    for (size_t i = instance.first; i < instance.end; ++i) {
      const NodeId own = structure.flat.nodes[i].id;
      const auto inner = nodes.find(own);
      if (inner == nodes.end()) continue;
      report.parameters += inner->second.parameters;
      if (i >= past) report.macs = report.macs + inner->second.macs;
      if (const auto regions = structure.regions.find(own); regions != structure.regions.end())
        for (const graph::Region& region : regions->second) past = std::max(past, region.end);
    }
    nodes[id] = std::move(report);
  }
  for (const auto& [id, regions] : structure.regions)
    for (const graph::Region& region : regions)
      for (size_t i = region.first; i < region.end; ++i) {
        const graph::Node& inner = structure.flat.nodes[i];
        if (structure.regions.contains(inner.id)) continue;  // stands for others that count already
        const auto report = nodes.find(inner.id);
        if (report == nodes.end()) continue;
        nodes[id].parameters += report->second.parameters;
      }
}

Diagnostics problemsOf(const Expanded& structure) {
  Diagnostics all;
  for (const graph::Problem& p : structure.problems) all.push_back(diagnostic(structure, p));
  return all;
}

Diagnostics localised(const Expanded& structure, Diagnostics diagnostics) {
  Diagnostics kept;
  std::set<std::tuple<BlockId, NodeId, std::string, std::string, std::string>> said;
  for (Diagnostic& d : diagnostics) {
    const NodeId flat = d.node.empty() ? NodeId{} : d.node.back();
    const auto [body, own] = drawn(structure, flat);
    if (body && !said.emplace(body, own, d.code, d.port, d.param).second) continue;
    if (flat) d.node = structure.path(flat);
    std::erase_if(d.fixes, [&, where = body](Fix& fix) { return !localiseFix(structure, where, fix); });
    kept.push_back(std::move(d));
  }
  return kept;
}

}  // namespace netwright::layers
