// SPDX-License-Identifier: Apache-2.0
#include "core/layers/lower_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "core/base/pattern.h"
#include "core/base/text.h"
#include "core/layers/bodies.h"
#include "core/layers/chain.h"
#include "core/layers/check_params.h"
#include "core/layers/fixes.h"
#include "core/layers/lower_loss.h"
#include "core/layers/lower_regulariser.h"
#include "core/layers/lowering.h"
#include "core/layers/node_spec.h"
#include "core/layers/own_losses.h"
#include "core/layers/regions.h"
#include "core/layers/registry.h"
#include "core/layers/structure.h"
#include "core/program/control.h"

namespace netwright::layers {
namespace {

using graph::Document;
using graph::Node;

// Lowers node after node in topological order.
class GraphLowering {
 public:
  // `structure`: null where the document has no blocks, variables or formulas; `columns`: while the data is unknown.
  GraphLowering(const Document& document, const graph::Expanded* structure, const TrainingRequest& request,
                const std::vector<DataColumn>* columns)
      : document_(document),
        structure_(structure),
        request_(request),
        columns_(columns),
        own_(ownLosses(document)),
        regions_(structure) {
    nodesById_.reserve(document.nodes.size());
    out_.nodes.reserve(document.nodes.size() + (structure ? structure->instances.size() : 0));
    for (const Node& n : document.nodes) nodesById_[n.id] = &n;
    for (const graph::Wire& w : document.wires) wiresByInput_[w.to] = &w;
    std::erase_if(own_, [this](NodeId id) { return regions_.holds(id); });
    std::sort(own_.begin(), own_.end());
    model_ = withRegions(structure, graph::upstream(document, endsOf(document)));
  }

  // `whole`: also what concerns the document as a whole; left out for a part of one.
  Lowered run(bool whole = true) {
    std::vector<NodeId> cycle;
    std::vector<NodeId> order = graph::topologicalOrder(document_, &cycle);
    if (whole) checkWhole(cycle);
    const auto is = [&](const char* kind) { return [this, kind](NodeId id) { return find(id)->kind == kind; }; };
    // A target may be bound to the column of an input, and is then the same value.
    if (std::any_of(order.begin(), order.end(), is("target")))
      std::stable_partition(order.begin(), order.end(), is("input"));
    for (const NodeId id : regions_.assign(order)) lowerNode(*find(id));
    collectCosts();
    out_.ownLosses = !own_.empty();
    if (own_.empty())
      for (size_t i = 0; i < request_.losses.size(); ++i)
        lowerLoss({document_, out_.nodes, *builder_, out_.diagnostics, out_.losses}, request_.losses[i],
                  static_cast<int64_t>(i));
    for (const RegulariserRequest& r : request_.regularisers) {
      lowerRegulariser(r, request_.frozen, *builder_);
      if (builder_->program().losses.size() > out_.losses.size()) out_.losses.push_back({r.kind, {}, {}, "", {}});
    }
    for (const std::string& name : request_.measured) out_.measured.push_back(measure(name));
    std::vector<NodeId> owners;
    for (const Node& n : document_.nodes) owners.push_back(n.id);
    builder_->orderInitialisation(owners);
    out_.program = builder_->take();
    for (program::State& s : out_.program.states)
      s.frozen =
          s.kind == program::StateKind::Parameter && firstMatch(s.name, request_.frozen) < request_.frozen.size();
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
    const auto layer = node ? spec(*node) : nullptr;
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

  std::shared_ptr<const LayerSpec> spec(const Node& node) const {
    const LayerSpec* layer = findLayer(node.kind);
    if (!layer) return nullptr;
    if (layer->category == Category::Control)
      return std::make_shared<const LayerSpec>(controlSpec(*layer, regions_.faces(node.id)));
    return specOf(*layer, node.params, node.names);
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
    for (const PortSpec& port : inputsOf(layer, node.params)) {
      const auto found = wiresByInput_.find({node.id, port.name});
      const graph::Wire* wire = found == wiresByInput_.end() ? nullptr : found->second;
      if (!wire && port.optional) continue;
      if (!wire && !isUnknown({node.id, port.name})) reportMissing(node, port.name);
      const auto value = wire ? values_.find(wire->from) : values_.end();
      if (value == values_.end() || !value->second)
        complete = false;
      else
        inputs[port.name] = value->second;
    }
    if (!complete) return std::nullopt;
    return inputs;
  }

  bool isUnknown(const PortRef& input) const { return structure_ && structure_->unknownInputs.contains(input); }

  // A port of a block lacks its wire where the block is used.
  void reportMissing(const Node& node, const std::string& port) {
    const bool isPort = structure_ && node.kind == graph::kBlockInput;
    const size_t dot = isPort ? node.name.rfind('.') : std::string::npos;
    if (!isPort || !structure_->places.contains(node.id)) {
      report(diagnose("NW-G001", node, {{"port", port}}));
      out_.diagnostics.back().port = port;
      return;
    }
    if (node.params.contains("optional") && node.params.at("optional") == Attribute(true)) return;
    const graph::Copy& copy = structure_->copyOf(node.id);
    std::vector<int64_t> repetitions = copy.repetitions;
    repetitions.pop_back();
    Diagnostic d = diagnose("NW-G001", node, {{"port", node.name.substr(dot + 1)}});
    d.node = {graph::derivedId(copy.path, repetitions)};
    const graph::Instance& instance = structure_->instances.at(d.node.front());
    d.args["layer"] = fmt::format("{} '{}'", instance.title, instance.name);
    d.port = node.name.substr(dot + 1);
    report(std::move(d));
  }

  void lowerNode(const Node& node) {
    NodeReport& info = out_.nodes[node.id];
    const auto layer = spec(node);
    if (!layer) return report(diagnose("NW-G003", node, {{"kind", node.kind}}));
    for (const PortSpec& port : outputsOf(*layer, node.params)) info.outputs[port.name] = {};
    if (node.version > layer->version)
      return report(diagnose("NW-G007", node,
                             {{"version", std::to_string(node.version)}, {"known", std::to_string(layer->version)}}));
    Diagnostics paramProblems = checkParams(*layer, node);
    const bool paramsGood =  // a formula that stayed is reported already
        !hasErrors(paramProblems) && std::none_of(node.params.begin(), node.params.end(), [](const auto& p) {
          return std::holds_alternative<Formula>(p.second);
        });
    for (Diagnostic& d : paramProblems) report(std::move(d));
    const auto inputs = gatherInputs(*layer, node);
    if (!paramsGood || !inputs) return;
    info.model = model_.empty() || std::binary_search(model_.begin(), model_.end(), node.id);
    builder_->enter(
        {{node.id}, node.name, label(node), node.mode, info.model ? program::Part::Model : program::Part::Loss});
    Lowering lowering(*builder_, *layer, node, *inputs);
    lowering.columns = columns_;
    NodeBodies bodies(*this, node.id);
    if (layer->category == Category::Control) lowering.bodies = &bodies;
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
      info.outputs[port] = builder_->program().type(value);
      (builder_ == &root_ ? info.values : info.inRegion)[port] = value;
    }
    if (lowering.minimized) return minimize(node, *lowering.minimized);
    if (std::binary_search(own_.begin(), own_.end(), node.id) && lowering.outputs.contains("loss"))
      minimize(node, {{lowering.outputs.at("loss"), builder_}, 1, 1});
  }

  class NodeBodies final : public Bodies {
   public:
    NodeBodies(GraphLowering& lowering, NodeId node)
        : lowering_(lowering), node_(node), faces_(lowering.regions_.faces(node)) {}
    const std::vector<Face>& faces() const override { return faces_; }
    std::optional<Region> lower(size_t body, const Enter& enter, const Leave& leave) override {
      return lowering_.lowerRegion(node_, lowering_.regions_.of(node_)[body], enter, leave);
    }

   private:
    GraphLowering& lowering_;
    NodeId node_;
    const std::vector<Face> faces_;
  };

  std::optional<Bodies::Region> lowerRegion(NodeId owner, const graph::Region& region, const Bodies::Enter& enter,
                                            const Bodies::Leave& leave) {
    program::Builder inner(builder_);
    inner.enter(builder_->origin());
    program::Builder* outer = std::exchange(builder_, &inner);
    const auto given = enter(inner);
    for (const auto& [port, id] : region.inputs) {
      values_[{id, "y"}] = given.at(port);
      out_.nodes[id].outputs["y"] = inner.program().type(given.at(port));
      out_.nodes[id].inRegion["y"] = given.at(port);
    }
    for (const NodeId id : regions_.members(region)) {
      const auto isPort = [&](const auto& port) { return port.second == id; };
      if (std::none_of(region.inputs.begin(), region.inputs.end(), isPort)) lowerInside(owner, *find(id));
    }
    inner.enter(outer->origin());
    std::vector<program::ValueId> results;
    for (const auto& [port, id] : region.outputs) results.push_back(values_[{id, "y"}]);
    const bool whole = std::all_of(results.begin(), results.end(), [](program::ValueId v) { return bool(v); });
    const bool good = whole && leave(inner, results);
    builder_ = outer;
    if (!good) return std::nullopt;
    Bodies::Region made;
    for (const auto& [theirs, own] : inner.captured()) made.captured.push_back(theirs);
    made.program = std::make_shared<program::Program>(inner.take());
    program::dropUnread(*made.program);
    return made;
  }

  // What a batch passes once does not belong into a body.
  void lowerInside(NodeId owner, const Node& node) {
    const LayerSpec* layer = findLayer(node.kind);
    const bool loose = layer && layer->category == Category::Loss &&
                       std::none_of(document_.wires.begin(), document_.wires.end(),
                                    [&](const graph::Wire& w) { return w.from.node == node.id; });
    if (loose || node.kind == "input" || node.kind == "output" || node.kind == "target" || node.kind == "minimize")
      return report(diagnose("NW-G017", node, {{"owner", label(*find(owner))}}));
    lowerNode(node);
  }

  // One more term of what training lowers.
  void minimize(const Node& node, const Lowering::Minimized& given) {
    if (!given.value) return;
    const TensorType& type = given.value.type();
    if (!type.shape.empty() || !isFloating(type.dtype)) {
      Diagnostic d = diagnose("NW-R020", node, {{"received", program::text(type)}});
      if (node.params.contains("reduction"))
        d.fixes = {{"Set reduction to mean", {SetParamStep{node.id, "reduction", std::string("mean")}}}};
      return report(std::move(d));
    }
    const auto found = wiresByInput_.find({node.id, "x"});
    const Node* source = found == wiresByInput_.end() ? nullptr : find(found->second->from.node);
    const LayerSpec* layer = source ? findLayer(source->kind) : nullptr;
    // A weighted loss is that loss; what is composed has the name of the node.
    const bool weighted = node.kind == "minimize" && layer && layer->category == Category::Loss;
    LossOrigin origin = originOf(document_, weighted ? *source : node, values_, builder_->program());
    if (node.kind == "minimize" && !weighted) origin.output = {};
    std::string name = weighted ? source->name : node.name;
    for (const program::LossTerm& t : builder_->program().losses)
      if (t.name == name) name = node.name;
    builder_->loss({given.value.id, name, given.weight, static_cast<int>(given.objective) - 1});
    origin.node = node.id;
    out_.losses.push_back(std::move(origin));
  }

  // Puts a value that a metric reads among those that are kept.
  MeasuredPlace measure(const std::string& name) {
    program::ValueId value;
    if (name.empty()) {
      for (const LossOrigin& l : out_.losses)
        if (!value && !l.input.empty()) value = l.output;
    } else if (const auto port = measuredPort(document_, name)) {
      if (const auto it = values_.find(*port); it != values_.end()) value = it->second;
    }
    if (!value) return {};
    const auto placed = [&](const std::vector<program::Port>& ports, bool output) {
      for (size_t i = 0; i < ports.size(); ++i)
        if (ports[i].value == value) return MeasuredPlace{output, static_cast<int>(i)};
      return MeasuredPlace{};
    };
    const program::Program& p = builder_->program();
    if (const MeasuredPlace place = placed(p.outputs, true); place.index >= 0) return place;
    if (placed(p.measured, false).index < 0) builder_->measured(name, value);
    return placed(p.measured, false);
  }

  void addCosts(const program::Program& program, const program::Dim& times) {
    for (const program::Op& op : program.ops) {
      program::Dim& macs = out_.nodes[op.node.back()].macs;
      macs = macs + times * op.macs;
      for (const auto& region : op.regions) addCosts(*region, times * program::timesOf(op));
    }
  }

  void collectCosts() {
    const program::Program& p = builder_->program();
    addCosts(p, 1);
    for (const program::State& s : p.states)
      if (s.kind == program::StateKind::Parameter)
        out_.nodes[s.id.owner.back()].parameters +=
            program::product(p.tensorType(s.value).shape).constant().value_or(0);
  }

  const Node* find(NodeId id) const {
    const auto it = nodesById_.find(id);
    return it == nodesById_.end() ? nullptr : it->second;
  }

  static std::vector<NodeId> endsOf(const Document& document) {
    std::vector<NodeId> ends;
    for (const Node& n : document.nodes)
      if (n.kind == "output") ends.push_back(n.id);
    return ends;
  }

  const Document& document_;
  const graph::Expanded* structure_;
  const TrainingRequest& request_;
  const std::vector<DataColumn>* columns_;
  std::vector<NodeId> own_, model_;  // losses of the graph; what outputs need
  std::unordered_map<NodeId, const Node*> nodesById_;
  std::map<PortRef, const graph::Wire*> wiresByInput_;
  program::Builder root_;
  program::Builder* builder_ = &root_;  // of the region that is lowered
  Regions regions_;
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

Lowered lowerFlat(const Document& document, const graph::Expanded* structure, const TrainingRequest& request,
                  const std::vector<DataColumn>* columns) {
  std::vector<NodeId> ends;
  for (const Node& n : document.nodes)
    if (n.kind == "output") ends.push_back(n.id);
  const bool open = ends.empty();  // which is an error
  for (const NodeId loss : ownLosses(document)) ends.push_back(loss);
  for (const std::string& name : request.measured)
    if (const auto port = measuredPort(document, name)) ends.push_back(port->node);
  const std::vector<NodeId> used = withRegions(structure, graph::upstream(document, ends));
  const auto isUsed = [&](NodeId id) { return std::binary_search(used.begin(), used.end(), id); };
  Lowered all = GraphLowering(document, structure, request, columns).run();
  if (open || used.size() == document.nodes.size()) return all;

  // Loose nodes: their errors do not stop a run, and the program leaves them out.
  for (Diagnostic& d : all.diagnostics)
    if (!d.node.empty() && !isUsed(d.node.back()) && d.code != "NW-G002" && d.severity == Severity::Error)
      d.severity = Severity::Warning;
  Document part;
  std::vector<const Node*> unused;
  const Regions bodies(structure);
  for (const Node& n : document.nodes)
    if (isUsed(n.id))
      part.nodes.push_back(n);
    else if ((n.kind == "input" || hasWire(document, n.id)) && !bodies.holds(n.id))  // the node that runs it is told
      unused.push_back(&n);
  if (!unused.empty()) all.diagnostics.push_back(unusedNote(unused));
  for (const graph::Wire& w : document.wires)
    if (isUsed(w.from.node) && isUsed(w.to.node)) part.wires.push_back(w);
  Lowered used_ = GraphLowering(part, structure, request, columns).run(false);
  all.program = std::move(used_.program);
  all.losses = std::move(used_.losses);
  all.measured = std::move(used_.measured);
  for (auto& [id, report] : all.nodes) {  // none for unused nodes
    report.values = std::move(used_.nodes[id].values);
    report.inRegion = std::move(used_.nodes[id].inRegion);
  }
  for (Diagnostic& d : used_.diagnostics)
    if (std::find(all.diagnostics.begin(), all.diagnostics.end(), d) == all.diagnostics.end())
      all.diagnostics.push_back(std::move(d));
  return all;
}

Lowered lower(const Document& document, const TrainingRequest& request, const std::vector<DataColumn>* columns) {
  if (graph::isFlat(document)) return lowerFlat(document, nullptr, request, columns);
  const auto structure = std::make_shared<const graph::Expanded>(graph::expand(document));
  Lowered lowered = lowerFlat(structure->flat, structure.get(), request, columns);
  lowered.structure = structure;
  reportInstances(document, *structure, lowered.nodes);
  Diagnostics problems = problemsOf(*structure);
  problems.insert(problems.end(), std::make_move_iterator(lowered.diagnostics.begin()),
                  std::make_move_iterator(lowered.diagnostics.end()));
  lowered.diagnostics = localised(*structure, std::move(problems));
  return lowered;
}

}  // namespace

const program::ValueType* Lowered::typeAt(const PortRef& output) const {
  const auto node = nodes.find(output.node);
  if (node == nodes.end()) return nullptr;
  const auto port = node->second.outputs.find(output.port);
  return port == node->second.outputs.end() ? nullptr : &port->second;
}

std::vector<NodeId> Lowered::inside(NodeId node) const {
  if (const auto regions = structure ? structure->regions.find(node) : decltype(structure->regions.end()){};
      structure && regions != structure->regions.end()) {
    std::vector<NodeId> all{node};
    for (const graph::Region& region : regions->second)
      for (size_t i = region.first; i < region.end; ++i) all.push_back(structure->flat.nodes[i].id);
    return all;
  }
  const auto instance = structure ? structure->instances.find(node) : decltype(structure->instances.end()){};
  if (!structure || instance == structure->instances.end()) return {node};
  std::vector<NodeId> all;
  for (size_t i = instance->second.first; i < instance->second.end; ++i) all.push_back(structure->flat.nodes[i].id);
  return all;
}

Lowered lowerGraph(const Document& document, const std::vector<LossRequest>& losses) {
  return lower(document, {losses, {}, {}, {}, {}}, nullptr);
}

Lowered lowerForTraining(const Document& document, const TrainingRequest& request) {
  return lower(document, request, &request.columns);
}

}  // namespace netwright::layers
