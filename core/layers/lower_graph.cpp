// SPDX-License-Identifier: Apache-2.0
#include "core/layers/lower_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "core/base/text.h"
#include "core/layers/chain.h"
#include "core/layers/lowering.h"
#include "core/layers/registry.h"

namespace netwright::layers {
namespace {

using graph::Document;
using graph::Node;

Diagnostic diagnose(const char* code, const Node& node, std::map<std::string, std::string> args) {
  Diagnostic d;
  d.code = code;
  d.args = std::move(args);
  d.args["layer"] = label(node);
  d.node = {node.id};
  return d;
}

// Parameters against their specs: wrong values are errors, unknown names are warnings.
Diagnostics checkParams(const LayerSpec& layer, const Node& node) {
  Diagnostics found;
  for (const ParamSpec& spec : layer.params) {
    const auto it = node.params.find(spec.name);
    const auto problem = it == node.params.end() ? std::optional<std::string>("is missing") : spec.problem(it->second);
    if (!problem) continue;
    Diagnostic d = diagnose("NW-P001", node, {{"param", spec.name}, {"problem", *problem}});
    d.param = spec.name;
    d.fixes = {{fmt::format("Set {} to {}", spec.name, toText(spec.fallback)),
                {SetParamStep{node.id, spec.name, spec.fallback}}}};
    found.push_back(std::move(d));
  }
  for (const auto& [name, value] : node.params)
    if (!layer.findParam(name)) {
      found.push_back(diagnose("NW-P002", node, {{"param", name}}));
      found.back().severity = Severity::Warning;
      found.back().param = name;
    }
  return found;
}

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
    for (const LossRequest& loss : losses) lowerLoss(loss);
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
    const auto& ports = input ? layer->inputs : layer->outputs;
    return std::any_of(ports.begin(), ports.end(), [&](const PortSpec& p) { return p.name == port.port; });
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
    for (const PortSpec& port : layer->outputs) info.outputs[port.name] = {};
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
      addShapeFixes(document_, out_.nodes, d);
      report(std::move(d));
    }
    for (const auto& [port, value] : lowering.outputs) {
      values_[{node.id, port}] = value;
      if (value) info.outputs[port] = builder_.program().type(value);
    }
  }

  void lowerLoss(const LossRequest& request) {
    const auto& outputs = builder_.program().outputs;
    const LayerSpec* layer = findLayer(request.kind);
    const auto it = std::find_if(outputs.begin(), outputs.end(), [&](const program::Port& p) {
      return request.output.empty() || p.name == request.output;
    });
    if (hasErrors(out_.diagnostics) || !layer || it == outputs.end()) return;
    if (request.output.empty() && outputs.size() > 1) {
      std::vector<std::string> names;
      for (const program::Port& p : outputs) names.push_back(p.name);
      Diagnostic d;
      d.code = "NW-R004";
      d.args = {{"count", std::to_string(outputs.size())}, {"loss", layer->title}, {"outputs", joined(names, ", ")}};
      return report(std::move(d));
    }
    Node node;  // stands for the loss in messages; it is no node of the document
    node.kind = request.kind;
    node.name = request.target;
    node.params = layer->defaults();
    for (const auto& [name, value] : request.params) node.params[name] = value;
    Diagnostics problems = checkParams(*layer, node);
    const bool good = !hasErrors(problems);
    for (Diagnostic& d : problems) report(std::move(d));
    if (!good) return;
    builder_.enter({it->node, request.target, fmt::format("{} on '{}'", layer->title, it->name), Mode::Follow,
                    program::Part::Loss});
    const program::ValueId scores = it->value;
    TensorType target = request.targetType;
    target.shape.insert(target.shape.begin(), Dim::symbol("N"));
    const auto known = std::find_if(builder_.program().inputs.begin(), builder_.program().inputs.end(),
                                    [&](const program::Port& p) { return p.name == request.target; });
    const program::ValueId targetValue =
        known == builder_.program().inputs.end() ? builder_.input(request.target, target) : known->value;
    Lowering lowering(builder_, *layer, node, {{"input", scores}, {"target", targetValue}});
    layer->lower(lowering);
    for (Diagnostic& d : lowering.diagnostics) {
      d.args["layer"] = fmt::format("{} on '{}'", layer->title, it->name);
      d.node = it->node;
      report(std::move(d));
    }
    if (const auto loss = lowering.outputs.find("loss"); loss != lowering.outputs.end() && loss->second)
      builder_.loss({loss->second, layer->id, request.weight, request.objective});
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
  for (const Node& n : document.nodes) {
    if (isUsed(n.id))
      part.nodes.push_back(n);
    else if (document.wireInto({n.id, "x"}) || n.kind == "input") {
      all.diagnostics.push_back(diagnose("NW-G008", n, {}));
      all.diagnostics.back().severity = Severity::Info;
    }
  }
  for (const graph::Wire& w : document.wires)
    if (isUsed(w.from.node) && isUsed(w.to.node)) part.wires.push_back(w);
  Lowered used_ = GraphLowering(part).run(losses, false);
  all.program = std::move(used_.program);
  for (Diagnostic& d : used_.diagnostics)
    if (std::find(all.diagnostics.begin(), all.diagnostics.end(), d) == all.diagnostics.end())
      all.diagnostics.push_back(std::move(d));
  return all;
}

}  // namespace netwright::layers
