// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/node_plan.h"

#include <algorithm>
#include <set>

#include "core/convert/model_part.h"
#include "core/graph/expand.h"
#include "core/layers/expressions/expression.h"
#include "core/layers/node_spec.h"
#include "core/layers/regions.h"
#include "core/layers/registry.h"

namespace netwright::convert::pytorch {
namespace {

using program::Op;
using program::ValueId;

std::vector<ValueId> read(const Op& op) {
  std::vector<ValueId> all;
  for (const program::Argument& a : op.args) {
    if (const auto* v = std::get_if<ValueId>(&a)) all.push_back(*v);
    if (const auto* list = std::get_if<std::vector<ValueId>>(&a)) all.insert(all.end(), list->begin(), list->end());
  }
  return all;
}

void addOnce(std::vector<ValueId>& list, ValueId value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

std::vector<ValueId> inOrder(const std::vector<layers::PortSpec>& ports, const std::map<std::string, ValueId>& values) {
  std::vector<ValueId> list;
  for (const layers::PortSpec& p : ports)
    if (const auto it = values.find(p.name); it != values.end()) addOnce(list, it->second);
  return list;
}

class Planner {
 public:
  Planner(const graph::Document& graph, const layers::Lowered& lowered, const United& united)
      : graph_(graph), lowered_(lowered), united_(united), bodies_(lowered.structure.get()) {
    const ModelPart part = modelPart(united.program);
    collect(part);
    if (!lowered.structure) return;
    std::map<NodeId, size_t> sizes;  // of the innermost region
    for (const auto& [control, regions] : lowered.structure->regions)
      for (size_t k = 0; k < regions.size(); ++k)
        for (size_t i = regions[k].first; i < regions[k].end; ++i) {
          const NodeId id = graph.nodes[i].id;
          const size_t size = regions[k].end - regions[k].first;
          if (const auto known = sizes.find(id); known != sizes.end() && known->second <= size) continue;
          sizes[id] = size;
          regions_[id] = {control, k};
        }
  }

  void collect(const ModelPart& part) {
    for (const Op* op : part.ops) ops_[op->node.back()].push_back(op);
    for (const Op* op : part.preparations) preparations_[op->node.back()].push_back(op);
    for (const Op* op : part.effects) effects_[op->node.back()].push_back(op);
    for (const program::State* s : part.states) states_[s->value] = s;
  }

  NodePlan plan(const graph::Node& node) const {
    NodePlan p;
    p.node = &node;
    p.names = node.names;
    const layers::LayerSpec& layer = *layers::findLayer(node.kind);
    p.layer = layer.category == layers::Category::Control
                  ? std::make_shared<const layers::LayerSpec>(layers::controlSpec(layer, bodies_.faces(node.id)))
                  : layers::specOf(layer, node.params, p.names);
    const layers::NodeReport& report = lowered_.nodes.at(node.id);
    p.params = node.params;
    for (const auto& [name, value] : report.inferred) p.params[name] = value;
    if (const auto it = ops_.find(node.id); it != ops_.end()) p.ops = it->second;
    if (const auto it = preparations_.find(node.id); it != preparations_.end()) p.preparations = it->second;
    if (const auto it = effects_.find(node.id); it != effects_.end()) p.effects = it->second;
    p.out = valuesOf(node.id);
    for (const layers::PortSpec& port : p.layer->inputs)
      if (const graph::Wire* wire = graph_.wireInto({node.id, port.name}))
        p.in[port.name] = valuesOf(wire->from.node).at(wire->from.port);
    if (const auto control = united_.control.find(node.id); control != united_.control.end()) {
      p.form = NodePlan::Form::Control;
      p.control = &control->second;
      return p;
    }
    addStates(p);
    chooseForm(p);
    return p;
  }

  // The nodes that outputs need, sorted; of bodies those that its results need.
  std::vector<NodeId> used() const {
    std::vector<NodeId> ends, all;
    for (const graph::Node& n : graph_.nodes)
      if (n.kind == "output") ends.push_back(n.id);
    for (std::set<NodeId> entered;;) {
      all = graph::upstream(graph_, ends);
      const size_t before = ends.size();
      for (const auto& [control, flow] : united_.control)
        if (std::binary_search(all.begin(), all.end(), control) && entered.insert(control).second)
          for (const graph::Region& region : lowered_.structure->regions.at(control))
            for (const auto& [port, id] : region.outputs) ends.push_back(id);
      if (ends.size() == before) return all;
    }
  }

 private:
  // At the outputs of a node, by port.
  std::map<std::string, ValueId> valuesOf(NodeId node) const {
    const layers::NodeReport& report = lowered_.nodes.at(node);
    const auto region = regions_.find(node);
    if (region == regions_.end()) return report.values;
    const std::vector<ValueId>& here = united_.regions.at(region->second);
    std::map<std::string, ValueId> values = report.inRegion;
    for (auto& [port, value] : values) value = here[static_cast<size_t>(value.index)];
    return values;
  }

  void addStates(NodePlan& p) const {
    std::set<ValueId> used;
    for (const auto* ops : {&p.preparations, &p.ops, &p.effects})
      for (const Op* op : *ops)
        for (const ValueId v : read(*op))
          if (states_.contains(v)) used.insert(v);
    for (const program::State& s : united_.program.states)
      if (s.name == p.node->name + "." + s.id.slot && states_.contains(s.value)) {
        p.states.push_back(&s);
        used.erase(s.value);
      }
    p.foreign.assign(used.begin(), used.end());
  }

  void chooseForm(NodePlan& p) const {
    for (const Op* op : p.ops)
      if (op->info->random || std::any_of(op->args.begin(), op->args.end(), isTraining)) p.changesInTraining = true;
    p.changesInTraining = p.changesInTraining || !p.preparations.empty() || !p.effects.empty();
    p.row = findRow(p.layer->id);
    std::set<std::string> ports;
    for (const auto& [port, value] : p.in) ports.insert(port);
    const bool fits = p.row && (!p.row->fits || p.row->fits(p.params, ports));
    if (fits && p.foreign.empty() && p.node->shared.empty())
      p.form = NodePlan::Form::Module;
    else if (!p.states.empty() || p.changesInTraining)
      p.form = NodePlan::Form::Class;
    else if (p.layer->id == layers::expressions::kKind && !chooseCode(p))
      p.form = NodePlan::Form::Class;
  }

  // Whether the code can stand among other statements: each result is a value of its own.
  bool chooseCode(NodePlan& p) const {
    const auto code = p.foreign.empty() ? assignments(codeOf(united_.program, p)) : std::nullopt;
    if (!code) return false;
    std::set<ValueId> values;
    std::set<std::string> names, outputs;
    for (const auto& [port, value] : p.in) {
      values.insert(value);
      names.insert(port);
    }
    for (const Assignment& a : *code) names.insert(a.targets.begin(), a.targets.end());
    for (const layers::PortSpec& port : p.layer->outputs) {
      const auto value = p.out.find(port.name);
      if (value == p.out.end() || !values.insert(value->second).second) return false;
      outputs.insert(port.name);
    }
    for (const Assignment& a : *code)
      for (const std::string& target : a.targets) outputs.erase(target);
    if (!outputs.empty() || names.contains("torch") || names.contains("F") || names.contains("math")) return false;
    p.code = *code;
    return true;
  }

  const graph::Document& graph_;
  const layers::Lowered& lowered_;
  const United& united_;
  const layers::Regions bodies_;
  std::map<NodeId, std::pair<NodeId, size_t>> regions_;  // of nodes that control flow runs
  std::map<NodeId, std::vector<const Op*>> ops_, preparations_, effects_;
  std::map<ValueId, const program::State*> states_;
};

}  // namespace

std::vector<std::string> codeOf(const program::Program& program, const NodePlan& plan) {
  std::map<std::string, program::ValueType> types;
  for (const auto& [port, value] : plan.in) types[port] = program.type(value);
  const std::string& code = std::get<std::string>(plan.params.at(layers::expressions::kCode));
  return layers::expressions::pythonLines(code, types, plan.names);
}

std::vector<ValueId> NodePlan::tensors() const { return inOrder(layer->inputs, in); }
std::vector<ValueId> NodePlan::results() const { return inOrder(layers::outputsOf(*layer, params), out); }

std::vector<NodePlan> planNodes(const graph::Document& graph, const layers::Lowered& lowered, const United& united) {
  const Planner planner(graph, lowered, united);
  const std::vector<NodeId> used = planner.used();
  std::vector<NodePlan> plans;
  for (const graph::Node& n : graph.nodes)
    if (n.kind != "input" && n.kind != "output" && std::binary_search(used.begin(), used.end(), n.id))
      plans.push_back(planner.plan(n));
  return plans;
}

}  // namespace netwright::convert::pytorch
