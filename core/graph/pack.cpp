// SPDX-License-Identifier: Apache-2.0
// Packs a selection into a block and unpacks an instance.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/graph/blocks.h"
#include "core/graph/body.h"
#include "core/graph/expand.h"
#include "core/graph/formula.h"
#include "core/language/scalar.h"

namespace netwright::graph {
namespace {

constexpr double kPortGap = 270;  // from a port to the nodes that it feeds

// What all names begin with, up to a dot: "layer1.0."
std::string commonPrefix(const std::vector<Node>& nodes) {
  std::string prefix = nodes.empty() ? "" : nodes.front().name.substr(0, nodes.front().name.rfind('.') + 1);
  for (const Node& n : nodes)
    while (n.name.rfind(prefix, 0) != 0) {
      const size_t dot = prefix.size() < 2 ? std::string::npos : prefix.rfind('.', prefix.size() - 2);
      prefix.resize(dot == std::string::npos ? 0 : dot + 1);
    }
  return prefix;
}

// Makes one block of a selection.
class Packer {
 public:
  Packer(const Document& document, BlockId where, const std::vector<NodeId>& nodes,
         const std::vector<int64_t>& annotations)
      : document_(document), where_(where), outer_(bodyOf(document, where)), chosen_(nodes.begin(), nodes.end()) {
    for (const Node& n : outer_.nodes)
      if (chosen_.contains(n.id)) body_.nodes.push_back(n);
    if (body_.nodes.empty()) failInput("Nothing is selected to make a block of.", "", "Select some nodes first.");
    for (const Annotation& a : outer_.annotations)
      if (std::find(annotations.begin(), annotations.end(), a.id) != annotations.end()) body_.annotations.push_back(a);
    for (const Node& n : body_.nodes) refuseEnds(n);
    refuseReentry();
    refuseSharing();
  }

  Packed run(const std::string& name) {
    nameNodes(name);
    takeNames();
    makeInputs();
    makeOutputs();
    Packed packed;
    Block block;
    block.id = packed.block = document_.freshBlockId();
    block.name = name;
    block.params = params_;
    block.body = std::move(body_);
    instance_.bodies = {block.id};
    instance_.params[kRepeat] = int64_t{1};
    instance_.params["time_distributed"] = false;
    instance_.id = packed.instance = outer_.freshId();
    for (Wire& w : around_) {
      if (!w.from.node) w.from.node = instance_.id;
      if (!w.to.node) w.to.node = instance_.id;
    }
    packed.edit = {fmt::format("Make block {}", name), {}};
    std::vector<Step>& steps = packed.edit.steps;
    steps.push_back(AddBlock{std::move(block)});
    for (const Wire& w : outer_.wires)
      if (chosen_.contains(w.from.node) || chosen_.contains(w.to.node)) steps.emplace_back(Disconnect{w}, where_);
    const auto first =
        std::find_if(outer_.nodes.begin(), outer_.nodes.end(), [&](const Node& n) { return chosen_.contains(n.id); });
    for (const NodeId id : chosen_) steps.emplace_back(RemoveNode{id}, where_);
    for (const Annotation& a : taken_) steps.emplace_back(RemoveAnnotation{a.id}, where_);
    steps.emplace_back(AddNode{instance_, static_cast<size_t>(first - outer_.nodes.begin())}, where_);
    for (const Wire& w : around_) steps.emplace_back(Connect{w}, where_);
    for (const Node& n : outer_.nodes) pointInside(n, steps);
    return packed;
  }

 private:
  void refuseEnds(const Node& n) const {
    const bool network = n.kind == "input" || n.kind == "output", port = isPort(n);
    if (network || port)
      failInput(fmt::format("'{}' is {} and cannot be part of a block.", n.name,
                            network ? "where the network begins or ends" : "a port of this block"),
                "", "Leave it out of the selection.");
  }

  // A value that leaves the selection and comes back would make a circle of the block and what lies between.
  void refuseReentry() const {
    std::vector<NodeId> inside(chosen_.begin(), chosen_.end());
    const std::vector<NodeId> before = upstream(outer_, inside);
    for (const Node& n : outer_.nodes) {
      if (chosen_.contains(n.id) || !std::binary_search(before.begin(), before.end(), n.id)) continue;
      const std::vector<NodeId> sources = upstream(outer_, {n.id});
      if (std::none_of(sources.begin(), sources.end(), [&](NodeId id) { return chosen_.contains(id); })) continue;
      failInput(
          fmt::format("'{}' lies between the selected nodes: it takes a value from them and gives one back.", n.name),
          "A block would then feed itself.", fmt::format("Select '{}' too.", n.name));
    }
  }

  void refuseSharing() const {
    for (const Node& n : body_.nodes)
      for (const auto& [slot, id] : n.shared) {
        const Node* owner = id.owner.empty() ? nullptr : outer_.find(id.owner.front());
        if (owner && !chosen_.contains(owner->id))
          failInput(fmt::format("'{}' uses the weights of '{}', which is not selected.", n.name, owner->name), "",
                    fmt::format("Select '{}' too.", owner->name));
      }
  }

  void nameNodes(const std::string& block) {
    const std::string prefix = commonPrefix(body_.nodes);
    for (Node& n : body_.nodes) n.name.erase(0, prefix.size());
    std::string stem;
    for (const char c : block)
      if (std::isalnum(static_cast<unsigned char>(c)))
        stem += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      else if (!stem.empty() && stem.back() != '_')
        stem += '_';
    instance_.kind = kInstance;
    instance_.name = prefix.empty() ? "" : prefix.substr(0, prefix.size() - 1);
    const Node* taken = outer_.findByName(instance_.name);
    if (instance_.name.empty() || (taken && !chosen_.contains(taken->id)))
      instance_.name = outer_.freshName(stem.empty() ? "block" : stem);
    Point low{INFINITY, INFINITY};
    for (const Node& n : body_.nodes) low = {std::min(low.x, n.position.x), std::min(low.y, n.position.y)};
    low_ = low;
    instance_.position = low;
    taken_ = body_.annotations;
  }

  // Formulas keep their names: parameters and variables of the block around become parameters of the new one.
  void takeNames() {
    const Block* around = document_.findBlock(where_);
    if (!around) return;
    std::set<std::string> needed;
    for (const Node& n : body_.nodes)
      for (const auto& [param, value] : n.params)
        if (const auto* formula = std::get_if<Formula>(&value))
          for (const std::string& name : language::namesIn(formula->text)) needed.insert(name);
    for (const char* own : {kIndex, kRepeat})
      if (needed.contains(own))
        failInput(fmt::format("A formula of the selection uses '{}', the copy's number in '{}'.", own, around->name),
                  "", "Make it a parameter of the block first.");
    const Attributes names = namesIn(document_, where_);
    for (const std::string& name : needed) {
      const auto given = std::find_if(around->params.begin(), around->params.end(),
                                      [&](const ParamSpec& p) { return p.name == name; });
      const bool variable = std::any_of(around->body.variables.begin(), around->body.variables.end(),
                                        [&](const Variable& v) { return v.name == name; });
      if (given != around->params.end())
        params_.push_back(*given);
      else if (variable && names.contains(name))
        params_.push_back(paramFor(name, names.at(name)));
      else
        continue;
      instance_.params[name] = Formula{name};
    }
  }

  static ParamSpec paramFor(const std::string& name, const Attribute& value) {
    ParamSpec spec = textParam(name, "");
    if (std::holds_alternative<int64_t>(value)) spec.kind = ParamKind::Int;
    if (std::holds_alternative<double>(value)) spec.kind = ParamKind::Float;
    if (std::holds_alternative<bool>(value)) spec.kind = ParamKind::Bool;
    if (std::holds_alternative<std::vector<int64_t>>(value)) spec.kind = ParamKind::IntList;
    if (std::holds_alternative<std::vector<double>>(value)) spec.kind = ParamKind::FloatList;
    spec.fallback = value;
    return spec;
  }

  std::string portName(const std::string& port, const std::string& node) const {
    if (!body_.findByName(port)) return port;
    const std::string longer = fmt::format("{}_{}", node, port);
    return body_.findByName(longer) ? body_.freshName(port) : longer;
  }

  Node newPort(const char* kind, std::string name, Point position) const {
    Node node;
    node.id = body_.freshId();
    node.kind = kind;
    node.name = std::move(name);
    node.params["form"] = std::string();
    node.params["each_step"] = false;
    if (kind == std::string(kBlockInput)) node.params["optional"] = false;
    node.position = position;
    return node;
  }

  // One input for each value that comes in, in the order of the nodes that take it.
  void makeInputs() {
    std::map<PortRef, NodeId> inputs;  // by the source outside
    std::vector<Node> ports;
    const std::vector<Node> nodes = body_.nodes;
    for (const Node& n : nodes)
      for (const Wire& w : outer_.wires) {
        if (w.to.node != n.id) continue;
        if (chosen_.contains(w.from.node)) {
          body_.wires.push_back(w);
          continue;
        }
        auto [known, fresh] = inputs.try_emplace(w.from);
        if (fresh) {
          Node port = newPort(kBlockInput, portName(w.to.port, n.name),
                              {low_.x - kPortGap, n.position.y + 60 * static_cast<double>(ports.size())});
          known->second = port.id;
          around_.push_back({w.from, {{}, port.name}});
          body_.nodes.push_back(port);
          ports.push_back(std::move(port));
        }
        body_.wires.push_back({{known->second, "y"}, w.to});
      }
    std::sort(body_.wires.begin(), body_.wires.end(),
              [](const Wire& a, const Wire& b) { return std::tie(a.to, a.from) < std::tie(b.to, b.from); });
  }

  // One output for each value that is used outside.
  void makeOutputs() {
    std::map<PortRef, std::string> outputs;
    double right = 0;
    for (const Node& n : body_.nodes) right = std::max(right, n.position.x);
    const std::vector<Node> nodes = body_.nodes;
    for (const Node& n : nodes)
      for (const Wire& w : outer_.wires) {
        if (w.from.node != n.id || !chosen_.contains(n.id) || chosen_.contains(w.to.node)) continue;
        auto [known, fresh] = outputs.try_emplace(w.from);
        if (fresh) {
          const Node port = newPort(kBlockOutput, portName(w.from.port, n.name), {right + kPortGap, n.position.y});
          known->second = port.name;
          body_.nodes.push_back(port);
          body_.wires.push_back({w.from, {port.id, "x"}});
        }
        around_.push_back({{{}, known->second}, w.to});
      }
    std::sort(body_.wires.begin(), body_.wires.end(),
              [](const Wire& a, const Wire& b) { return std::tie(a.to, a.from) < std::tie(b.to, b.from); });
  }

  // Nodes outside that use weights of the selection find them inside the instance now.
  void pointInside(const Node& n, std::vector<Step>& steps) const {
    if (chosen_.contains(n.id)) return;
    std::map<std::string, ParameterId> shared = n.shared;
    bool changed = false;
    for (auto& [slot, id] : shared)
      if (!id.owner.empty() && chosen_.contains(id.owner.front())) {
        id.owner.insert(id.owner.begin(), instance_.id);
        changed = true;
      }
    if (changed) steps.emplace_back(SetShared{n.id, std::move(shared)}, where_);
  }

  const Document& document_;
  BlockId where_;
  const Document& outer_;
  std::set<NodeId> chosen_;
  Document body_;
  std::vector<ParamSpec> params_;
  std::vector<Annotation> taken_;
  Node instance_;
  std::vector<Wire> around_;  // an end of no node is the instance
  Point low_;
};

// A formula of a block where its instance stood: over what the instance set.
Attribute outside(const Formula& formula, const Attributes& given, const Attributes& values) {
  bool computable = true, changed = false;
  for (const std::string& name : language::namesIn(formula.text)) {
    const auto set = given.find(name);
    changed = changed || set != given.end();
    computable = computable && set != given.end() && !std::holds_alternative<Formula>(set->second);
  }
  if (!changed) return formula;
  if (computable)
    if (const auto result = language::evaluate(formula.text, values); result.ok()) return result.value;
  return Formula{replacedNames(formula.text, [&](const std::string& name) -> std::optional<std::string> {
    const auto set = given.find(name);
    if (set == given.end()) return std::nullopt;
    if (const auto* inner = std::get_if<Formula>(&set->second)) return "(" + inner->text + ")";
    return sourceText(set->second);
  })};
}

}  // namespace

Packed pack(const Document& document, BlockId body, const std::vector<NodeId>& nodes,
            const std::vector<int64_t>& annotations, const std::string& name) {
  return Packer(document, body, nodes, annotations).run(name);
}

Edit unpack(const Document& document, BlockId where, NodeId id) {
  const Document& outer = bodyOf(document, where);
  const Node* instance = outer.find(id);
  const Block* block = instance && !instance->bodies.empty() ? document.findBlock(instance->bodies.front()) : nullptr;
  if (!block || instance->kind != kInstance) failInput("This node is no instance of a block.", "", "");
  if (const auto repeat = instance->params.find(kRepeat);
      repeat != instance->params.end() && repeat->second != Attribute(int64_t{1}))
    failInput(fmt::format("'{}' is repeated.", instance->name), "Only a single copy can be unpacked.",
              "Set repeat to 1 first.");
  if (const auto each = instance->params.find("time_distributed");
      each != instance->params.end() && each->second == Attribute(true))
    failInput(fmt::format("'{}' runs at every time step.", instance->name), "",
              "Switch time_distributed off, or keep the block.");
  if (instance->shared.contains("*"))
    failInput(fmt::format("'{}' uses the weights of another instance.", instance->name), "",
              "Give it its own weights first.");
  if (instance->bypassed)
    failInput(fmt::format("'{}' is bypassed.", instance->name), "", "Let it take part again first.");
  Edit edit{fmt::format("Unpack {}", instance->name), {}};
  // What formulas inside may name: the parameters as the instance sets them, then the block's variables over these.
  Attributes given, values = namesIn(document, where);
  for (const ParamSpec& p : block->params) {
    const auto set = instance->params.find(p.name);
    given[p.name] = values[p.name] = set == instance->params.end() ? p.fallback : set->second;
  }
  for (const char* own : {kIndex, kRepeat}) given[own] = values[own] = int64_t{own == std::string(kRepeat) ? 1 : 0};
  for (const Variable& v : block->body.variables) {
    const auto* formula = std::get_if<Formula>(&v.value);
    given[v.name] = values[v.name] = formula ? outside(*formula, given, values) : v.value;
  }

  Document draft = outer;
  std::map<NodeId, NodeId> numbers;
  std::vector<Step> removed, added;
  for (const Wire& w : outer.wires)
    if (w.from.node == id || w.to.node == id) removed.emplace_back(Disconnect{w}, where);
  removed.emplace_back(RemoveNode{id}, where);
  std::erase_if(draft.nodes, [&](const Node& n) { return n.id == id; });
  for (const Node& n : block->body.nodes)
    if (!isPort(n)) numbers[n.id] = draft.find(n.id) || n.id == id ? NodeId{} : n.id;
  int64_t fresh = std::max(outer.freshId().value, block->body.freshId().value);
  for (auto& [own, number] : numbers)
    if (!number) number = {fresh++};
  size_t index = static_cast<size_t>(instance - outer.nodes.data());
  Point low{INFINITY, INFINITY};
  for (const Node& n : block->body.nodes)
    if (!isPort(n)) low = {std::min(low.x, n.position.x), std::min(low.y, n.position.y)};
  const Point shift{instance->position.x - low.x, instance->position.y - low.y};
  for (const Node& n : block->body.nodes) {
    if (isPort(n)) continue;
    Node copy = n;
    copy.id = numbers.at(n.id);
    copy.name = instance->name + "." + n.name;
    copy.position = {n.position.x + shift.x, n.position.y + shift.y};
    if (copy.mode == Mode::Follow) copy.mode = instance->mode;
    for (auto& [param, value] : copy.params)
      if (const auto* formula = std::get_if<Formula>(&value)) value = outside(*formula, given, values);
    for (auto& [slot, shared] : copy.shared)
      if (!shared.owner.empty() && numbers.contains(shared.owner.front()))
        shared.owner.front() = numbers.at(shared.owner.front());
    added.emplace_back(AddNode{std::move(copy), index++}, where);
  }
  // A port joins what comes in to what it feeds; one behind the other where an input leads straight to an output.
  const auto outsideSource = [&](PortRef from) -> std::optional<PortRef> {
    const Node* node = block->body.find(from.node);
    if (!node || node->kind != kBlockInput) {
      if (!node) return std::nullopt;
      return PortRef{numbers.at(from.node), from.port};
    }
    const Wire* wire = outer.wireInto({id, node->name});
    return wire ? std::optional(wire->from) : std::nullopt;
  };
  for (const Wire& w : block->body.wires) {
    const Node* to = block->body.find(w.to.node);
    const auto from = outsideSource(w.from);
    if (!from || !to) continue;
    if (to->kind != kBlockOutput) {
      added.emplace_back(Connect{{*from, {numbers.at(to->id), w.to.port}}}, where);
      continue;
    }
    for (const Wire& out : outer.wires)
      if (out.from == PortRef{id, to->name}) added.emplace_back(Connect{{*from, out.to}}, where);
  }
  int64_t note = outer.freshAnnotationId();
  for (Annotation a : block->body.annotations) {
    a.id = outer.findAnnotation(a.id) ? note++ : a.id;
    a.position = {a.position.x + shift.x, a.position.y + shift.y};
    added.emplace_back(AddAnnotation{std::move(a)}, where);
  }
  for (const Node& n : outer.nodes) {  // who used weights inside
    std::map<std::string, ParameterId> shared = n.shared;
    bool changed = false;
    for (auto& [slot, weight] : shared)
      if (weight.owner.size() > 1 && weight.owner.front() == id && numbers.contains(weight.owner[1])) {
        weight.owner.erase(weight.owner.begin());
        weight.owner.front() = numbers.at(weight.owner.front());
        changed = true;
      }
    if (changed) added.emplace_back(SetShared{n.id, std::move(shared)}, where);
  }
  edit.steps = std::move(removed);
  edit.steps.insert(edit.steps.end(), std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
  return edit;
}

}  // namespace netwright::graph
