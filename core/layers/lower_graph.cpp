// SPDX-License-Identifier: Apache-2.0
#include "core/layers/lower_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "core/base/text.h"
#include "core/layers/chain.h"
#include "core/layers/check_params.h"
#include "core/layers/fixes.h"
#include "core/layers/lower_loss.h"
#include "core/layers/lowering.h"
#include "core/layers/registry.h"

namespace netwright::layers {
namespace {

using graph::Document;
using graph::Node;

// Lowers node after node in topological order.
class GraphLowering {
 public:
  explicit GraphLowering(const Document& document) : document_(document) {
    for (const Node& n : document.nodes) nodesById_[n.id] = &n;
    for (const graph::Wire& w : document.wires) wiresByInput_[w.to] = &w;
  }

  // `whole`: also what concerns the document as a whole; left out for a part of one.
  Lowered run(const std::vector<LossRequest>& losses, bool whole = true) {
    std::vector<NodeId> cycle;
    const std::vector<NodeId> order = graph::topologicalOrder(document_, &cycle);
    if (whole) checkWhole(cycle);
    for (const NodeId id : order) lowerNode(*find(id));
    for (size_t i = 0; i < losses.size(); ++i)
      lowerLoss({document_, out_.nodes, builder_, out_.diagnostics}, losses[i], static_cast<int64_t>(i));
    std::vector<NodeId> owners;
    for (const Node& n : document_.nodes) owners.push_back(n.id);
    builder_.orderInitialisation(owners);
    collectCosts();
    out_.program = builder_.take();
    if (!out_.program.outputs.empty()) program::dropUnread(out_.program);
    return std::move(out_);
  }

 private:
  void report(Diagnostic d) { out_.diagnostics.push_back(std::move(d)); }

  void checkWhole(const std::vector<NodeId>& cycle) {
    if (!cycle.empty()) {
      std::vector<std::string> names;
      for (const NodeId id : cycle) names.push_back(find(id)->name);
      names.push_back(names.front());
      Diagnostic d = diagnose("NW-G002", *find(cycle.front()), {{"cycle", joined(names, " → ")}});
      for (const graph::Wire& w : document_.wires)
        if (w.from.node == cycle.back() && w.to.node == cycle.front() && d.fixes.empty())
          d.fixes = {{fmt::format("Remove the wire from {} to {}", names[names.size() - 2], names.front()),
                      {DisconnectStep{w.to}}}};
      report(std::move(d));
    }
    std::set<std::string> names;
    for (const Node& n : document_.nodes)
      if (!names.insert(n.name).second) report(diagnose("NW-G006", n, {{"name", n.name}}));
    for (const char* kind : {"input", "output"}) {
      const bool has =
          std::any_of(document_.nodes.begin(), document_.nodes.end(), [&](const Node& n) { return n.kind == kind; });
      if (has) continue;
      Diagnostic d;
      d.code = kind == std::string("input") ? "NW-G004" : "NW-G005";
      report(std::move(d));
    }
    for (const graph::Wire& w : document_.wires)
      if (!portExists(w.from, false) || !portExists(w.to, true)) reportBrokenWire(w);
  }

  bool portExists(const PortRef& port, bool input) const {
    const Node* node = find(port.node);
    const LayerSpec* layer = node ? findLayer(node->kind) : nullptr;
    if (!node || !layer) return node != nullptr;  // ports of unknown kinds are taken as given
    const auto named = [&](const PortSpec& p) { return p.name == port.port; };
    if (!layer->portsFor) {  // without a copy of the list
      const std::vector<PortSpec>& all = input ? layer->inputs : layer->outputs;
      const auto found = std::find_if(all.begin(), all.end(), named);
      if (found == all.end() || found->when.empty()) return found != all.end();
    }
    const std::vector<PortSpec> present = input ? inputsOf(*layer, node->params) : outputsOf(*layer, node->params);
    return std::any_of(present.begin(), present.end(), named);
  }

  void reportBrokenWire(const graph::Wire& w) {
    const auto text = [&](const PortRef& p) {
      const Node* n = find(p.node);
      return fmt::format("{}.{}", n ? n->name : std::to_string(p.node.value), p.port);
    };
    Diagnostic d;
    d.code = "NW-G009";
    d.args = {{"from", text(w.from)}, {"to", text(w.to)}};
    if (find(w.to.node)) d.node = {w.to.node};
    d.port = w.to.port;
    d.fixes = {{"Remove the wire", {DisconnectStep{w.to}}}};
    report(std::move(d));
  }

  // The values at the node's inputs; nullopt if one is missing (an error) or unknown (the consequence of one).
  std::optional<std::map<std::string, program::ValueId>> gatherInputs(const LayerSpec& layer, const Node& node) {
    std::map<std::string, program::ValueId> inputs;
    bool complete = true;
    for (const PortSpec& port : layer.inputs) {
      const auto found = wiresByInput_.find({node.id, port.name});
      const graph::Wire* wire = found == wiresByInput_.end() ? nullptr : found->second;
      if (!wire && port.optional) continue;
      if (!wire) {
        report(diagnose("NW-G001", node, {{"port", port.name}}));
        out_.diagnostics.back().port = port.name;
      }
      const auto value = wire ? values_.find(wire->from) : values_.end();
      if (value == values_.end() || !value->second)
        complete = false;
      else
        inputs[port.name] = value->second;
    }
    if (!complete) return std::nullopt;
    return inputs;
  }

  void lowerNode(const Node& node) {
    NodeReport& info = out_.nodes[node.id];
    const LayerSpec* layer = findLayer(node.kind);
    if (!layer) return report(diagnose("NW-G003", node, {{"kind", node.kind}}));
    for (const PortSpec& port : outputsOf(*layer, node.params)) info.outputs[port.name] = {};
    if (node.version > layer->version)
      return report(diagnose("NW-G007", node,
                             {{"version", std::to_string(node.version)}, {"known", std::to_string(layer->version)}}));
    Diagnostics paramProblems = checkParams(*layer, node);
    const bool paramsGood = !hasErrors(paramProblems);
    for (Diagnostic& d : paramProblems) report(std::move(d));
    const auto inputs = gatherInputs(*layer, node);
    if (!paramsGood || !inputs) return;
    builder_.enter({{node.id}, node.name, label(node), node.mode, program::Part::Model});
    Lowering lowering(builder_, *layer, node, *inputs);
    layer->lower(lowering);
    info.inferred = lowering.inferredValues;
    for (Diagnostic& d : lowering.diagnostics) {
      addChain(document_, out_.nodes, d);
      addFixes(document_, out_.nodes, d);
      report(std::move(d));
    }
    for (const auto& [port, value] : lowering.outputs) {
      values_[{node.id, port}] = value;
      if (!value) continue;
      info.outputs[port] = builder_.program().type(value);
      info.values[port] = value;
    }
  }

  void collectCosts() {
    const program::Program& p = builder_.program();
    for (const program::Op& op : p.ops)
      if (op.part == program::Part::Model) out_.nodes[op.node.back()].macs = out_.nodes[op.node.back()].macs + op.macs;
    for (const program::State& s : p.states)
      if (s.kind == program::StateKind::Parameter)
        out_.nodes[s.id.owner.back()].parameters +=
            program::product(p.tensorType(s.value).shape).constant().value_or(0);
  }

  const Node* find(NodeId id) const {
    const auto it = nodesById_.find(id);
    return it == nodesById_.end() ? nullptr : it->second;
  }

  const Document& document_;
  std::unordered_map<NodeId, const Node*> nodesById_;
  std::map<PortRef, const graph::Wire*> wiresByInput_;
  program::Builder builder_;
  std::map<PortRef, program::ValueId> values_;
  Lowered out_;
};

bool hasWire(const Document& document, NodeId node) {
  return std::any_of(document.wires.begin(), document.wires.end(),
                     [&](const graph::Wire& w) { return w.to.node == node; });
}

// One note for all, however many a cut leaves without an output.
Diagnostic unusedNote(const std::vector<const Node*>& nodes) {
  constexpr size_t kNamed = 3;
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(nodes.size(), kNamed); ++i) names.push_back(label(*nodes[i]));
  std::string text = joined(names, ", ");
  if (nodes.size() > kNamed) text += fmt::format(" and {} more", nodes.size() - kNamed);
  Diagnostic d = nodes.size() == 1
                     ? diagnose("NW-G008", *nodes[0], {})
                     : diagnose("NW-G010", *nodes[0], {{"count", std::to_string(nodes.size())}, {"names", text}});
  d.severity = Severity::Info;
  return d;
}

}  // namespace

const program::ValueType* Lowered::typeAt(const PortRef& output) const {
  const auto node = nodes.find(output.node);
  if (node == nodes.end()) return nullptr;
  const auto port = node->second.outputs.find(output.port);
  return port == node->second.outputs.end() ? nullptr : &port->second;
}

Lowered lowerGraph(const Document& document, const std::vector<LossRequest>& losses) {
  std::vector<NodeId> ends;
  for (const Node& n : document.nodes)
    if (n.kind == "output") ends.push_back(n.id);
  const std::vector<NodeId> used = graph::upstream(document, ends);
  const auto isUsed = [&](NodeId id) { return std::binary_search(used.begin(), used.end(), id); };
  Lowered all = GraphLowering(document).run(losses);
  if (ends.empty() || used.size() == document.nodes.size()) return all;

  // Loose nodes: their errors do not stop a run, and the program leaves them out.
  for (Diagnostic& d : all.diagnostics)
    if (!d.node.empty() && !isUsed(d.node.back()) && d.code != "NW-G002" && d.severity == Severity::Error)
      d.severity = Severity::Warning;
  Document part;
  std::vector<const Node*> unused;
  for (const Node& n : document.nodes)
    if (isUsed(n.id))
      part.nodes.push_back(n);
    else if (n.kind == "input" || hasWire(document, n.id))
      unused.push_back(&n);
  if (!unused.empty()) all.diagnostics.push_back(unusedNote(unused));
  for (const graph::Wire& w : document.wires)
    if (isUsed(w.from.node) && isUsed(w.to.node)) part.wires.push_back(w);
  Lowered used_ = GraphLowering(part).run(losses, false);
  all.program = std::move(used_.program);
  for (auto& [id, report] : all.nodes) report.values = std::move(used_.nodes[id].values);  // none for unused nodes
  for (Diagnostic& d : used_.diagnostics)
    if (std::find(all.diagnostics.begin(), all.diagnostics.end(), d) == all.diagnostics.end())
      all.diagnostics.push_back(std::move(d));
  return all;
}

}  // namespace netwright::layers
