// SPDX-License-Identifier: Apache-2.0
#include "core/graph/expand.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "core/base/text.h"
#include "core/graph/body.h"
#include "core/graph/bypass.h"
#include "core/graph/derived.h"
#include "core/graph/flat_size.h"
#include "core/graph/formula.h"
#include "core/graph/scope.h"
#include "core/language/scalar.h"

namespace netwright::graph {
namespace {

constexpr const char *kTimeDistributed = "time_distributed", *kEachStep = "each_step";

// "layer1.2" -> "layer1." and 2; "layer1" -> "layer1." and 0.
std::pair<std::string, int64_t> numbering(const std::string& name) {
  const size_t dot = name.rfind('.');
  int64_t first = 0;
  if (dot != std::string::npos && dot + 1 < name.size()) {
    const auto [end, ec] = std::from_chars(name.data() + dot + 1, name.data() + name.size(), first);
    if (ec == std::errc() && end == name.data() + name.size()) return {name.substr(0, dot + 1), first};
  }
  return {name + ".", 0};
}

// "loop1"; of several bodies "if1.then", "switch1.2".
std::string regionName(const Node& node, size_t body) {
  if (node.bodies.size() == 1) return node.name;
  if (node.kind == kIf) return node.name + (body == 0 ? ".then" : ".otherwise");
  return fmt::format("{}.{}", node.name, body);
}

bool isBypassed(const Node& node) { return node.bypassed && !isPort(node); }

bool isOn(const Node& node, const char* option) {
  const auto it = node.params.find(option);
  return it != node.params.end() && it->second == Attribute(true);
}

// Where the nodes of one body go: the network itself, or one copy of an instance.
struct Frame {
  const Document* body = nullptr;
  BlockId block;
  const Frame* outer = nullptr;
  std::string prefix;  // of names
  NodePath path;       // instances that lead here
  std::vector<int64_t> repetitions;
  uint64_t hash = 0, weights = 0;  // of the path; of the one whose weights are used
  size_t scope = 0, copy = 0;      // of what is made: names, copies
  Mode mode = Mode::Follow;
  bool eachStep = false;  // the block runs at every step of a sequence

  NodeId flat(NodeId node, uint64_t from) const {
    return block ? derived(mixed(from, static_cast<uint64_t>(node.value))) : node;
  }
  NodeId flat(NodeId node) const { return flat(node, hash); }
};

class Expansion {
 public:
  explicit Expansion(const Document& document) : document_(document) {
    for (const Block& b : document.blocks) blocks_[b.id.value] = &b;
  }

  Expanded run() {
    Attributes names;
    define(document_.variables, names, true);
    out_.names.push_back(std::move(names));
    out_.flat.annotations = document_.annotations;
    out_.flat.unknown = document_.unknown;
    const auto nodes = static_cast<size_t>(flatSize(document_));
    out_.flat.nodes.reserve(nodes);
    out_.places.reserve(nodes);
    pending_.reserve(nodes);
    Frame top;
    top.body = &document_;
    expandBody(top);
    pending_ = pastBypassed(std::move(pending_), bypassed_);
    drawWires();
    dropAbsentPorts();
    return std::move(out_);
  }

 private:
  void define(const std::vector<Variable>& variables, Attributes& names, bool tell) {
    for (const auto& [variable, mistake] : resolve(variables, names))
      if (tell) problem("NW-F002", {}, {{"variable", variable}, {"problem", mistake}});
  }

  void expandBody(const Frame& frame) {
    std::map<NodeId, std::vector<const Wire*>> into;  // of instances
    for (const Node& n : frame.body->nodes)
      if (n.kind == kInstance && !isBypassed(n)) into[n.id];
    for (const Wire& w : frame.body->wires)
      if (const auto instance = into.find(w.to.node); instance != into.end())
        instance->second.push_back(&w);
      else
        draw(frame, w, {frame.flat(w.to.node), w.to.port});
    for (const Node& n : frame.body->nodes)
      if (isBypassed(n)) {
        bypassed_.insert(frame.flat(n.id));
      } else if (n.kind == kInstance) {
        expandInstance(frame, n, into[n.id]);
      } else {
        addNode(frame, n);
        if (!n.bodies.empty()) expandRegions(frame, n);
      }
  }

  // What control flow runs: the nodes of its bodies, which no wire joins with those around them.
  void expandRegions(const Frame& frame, const Node& node) {
    const NodeId id = frame.flat(node.id);
    std::vector<Region> regions;
    for (size_t k = 0; k < node.bodies.size() && !full_; ++k) {
      const Block* block = bodyOf(frame, id, node.bodies[k]);
      if (!block) continue;
      Frame inner;
      inner.body = &block->body;
      inner.block = block->id;
      inner.outer = &frame;
      inner.prefix = fmt::format("{}{}.", frame.prefix, regionName(node, k));
      inner.path = frame.path;
      inner.repetitions = frame.repetitions;
      inner.hash = frame.hash;
      inner.weights = frame.weights;
      for (const NodeId step : stepsInto(node.id, k)) {
        inner.path.push_back(step);
        inner.repetitions.push_back(0);
        inner.hash = inside(inner.hash, step, 0);
        inner.weights = inside(inner.weights, step, 0);
      }
      inner.mode = node.mode == Mode::Follow ? frame.mode : node.mode;
      const auto scope = newScope(frame, {}, id, *block, 0, 1);
      if (!scope) continue;
      enter(inner, *scope);
      Region& region = regions.emplace_back();
      region.block = block->name;
      region.first = out_.flat.nodes.size();
      expandBody(inner);
      region.end = out_.flat.nodes.size();
      for (const Node& port : block->body.nodes)
        if (isPort(port))
          (port.kind == kBlockInput ? region.inputs : region.outputs).emplace_back(port.name, inner.flat(port.id));
      for (const auto& [name, port] : region.inputs) fed_.insert(port);
    }
    out_.regions[id] = std::move(regions);
  }

  // None after a problem.
  const Block* bodyOf(const Frame& frame, NodeId id, BlockId which) {
    const Block* block = findBlock(which);
    if (!block) {
      problem("NW-G011", id, {});
      return nullptr;
    }
    if (const std::string circle = circleAt(frame, *block); !circle.empty()) {
      problem("NW-G012", id, {{"block", block->name}, {"circle", circle}});
      return nullptr;
    }
    if (frame.path.size() < kDeepest) return block;
    problem("NW-G015", id, {{"block", block->name}, {"limit", std::to_string(kDeepest)}});
    return nullptr;
  }

  void draw(const Frame& frame, const Wire& drawn, PortRef to) {
    pending_.push_back(
        {{{frame.flat(drawn.from.node), drawn.from.port}, std::move(to)}, {frame.flat(drawn.to.node), drawn.to.port}});
  }

  const Block* findBlock(BlockId id) const {
    const auto it = blocks_.find(id.value);
    return it == blocks_.end() ? nullptr : it->second;
  }

  void problem(const char* code, NodeId node, std::map<std::string, std::string> args, std::string param = "",
               std::string port = "", std::optional<PortRef> disconnect = {}) {
    out_.problems.push_back({code, std::move(args), node, std::move(param), std::move(port), disconnect});
  }

  // The value of a parameter where its node stands; as it is, with a problem, if it cannot be computed.
  Attribute value(NodeId node, const std::string& param, const Attribute& given, const Attributes& names) {
    const auto* formula = std::get_if<Formula>(&given);
    if (!formula) return given;
    const language::Evaluated result = language::evaluate(formula->text, names);
    if (result.ok()) return result.value;
    std::string why = result.mistake->message;
    for (const std::string& name : language::namesIn(formula->text))
      if (isBroken(name)) why = fmt::format("the variable '{}' has a mistake", name);
    problem("NW-F001", node, {{"param", param}, {"formula", formula->text}, {"problem", why}}, param);
    return given;
  }

  bool isBroken(const std::string& variable) const {
    return std::any_of(out_.problems.begin(), out_.problems.end(),
                       [&](const Problem& p) { return p.code == "NW-F002" && p.args.at("variable") == variable; });
  }

  // False, once with a problem, when the flat graph would grow beyond its limit.
  bool room(NodeId node) {
    if (++made_ > kMostNodes && !full_) {
      problem("NW-G014", node, {{"limit", std::to_string(kMostNodes)}});
      full_ = true;
    }
    return !full_;
  }

  void enter(Frame& frame, size_t scope) {
    frame.scope = scope;
    frame.copy = out_.copies.size();
    out_.copies.push_back({frame.path, frame.repetitions, frame.block, scope, frame.outer->copy, frame.prefix});
  }

  void setPlace(const Frame& frame, NodeId flat, NodeId node) {
    if (!frame.block) return;
    out_.places.emplace(flat, Place{frame.copy, node});
  }

  void addNode(const Frame& frame, const Node& node) {
    const NodeId id = frame.flat(node.id);
    if (!room(id)) return;
    Node flat = node;
    flat.id = id;
    flat.name = frame.prefix + node.name;
    setPlace(frame, id, node.id);
    if (flat.mode == Mode::Follow) flat.mode = frame.mode;
    for (auto& [name, attribute] : flat.params)
      if (std::holds_alternative<Formula>(attribute)) attribute = value(id, name, attribute, out_.names[frame.scope]);
    if (frame.eachStep && isPort(node)) flat.params[kEachStep] = true;
    if (const auto code = flat.params.find(kCode); code != flat.params.end())
      replacedNames(toText(code->second), [&](const std::string& name) {
        const auto known = out_.names[frame.scope].find(name);
        if (known != out_.names[frame.scope].end()) flat.names.insert(*known);
        return std::optional<std::string>();
      });
    for (auto& [slot, shared] : flat.shared) shared.owner = {owner(frame, shared.owner)};
    if (frame.weights != frame.hash && !flat.shared.contains("*"))
      flat.shared["*"] = {{frame.flat(node.id, frame.weights)}, ""};
    out_.flat.nodes.push_back(std::move(flat));
  }

  // The flat number of a node that another refers to: of the same body, or inside an instance there.
  static NodeId owner(const Frame& frame, const NodePath& path) {
    if (path.empty()) return {};
    if (path.size() == 1) return frame.flat(path.front(), frame.weights);
    uint64_t hash = frame.weights;
    for (size_t i = 0; i + 1 < path.size(); ++i) hash = inside(hash, path[i], 0);
    return derived(mixed(hash, static_cast<uint64_t>(path.back().value)));
  }

  // The instance whose weights this one uses, itself if it shares none; nullopt after a problem.
  std::optional<NodeId> weightOwner(const Frame& frame, const Node& node) {
    const Node* at = &node;
    for (size_t steps = 0; at; ++steps) {
      const auto shared = at->shared.find("*");
      if (shared == at->shared.end()) return at->id;
      const Node* next = shared->second.owner.size() == 1 ? frame.body->find(shared->second.owner.front()) : nullptr;
      if (!next || next->bodies != node.bodies || steps > frame.body->nodes.size()) break;
      at = next;
    }
    const NodePath& named = at->shared.at("*").owner;
    const Node* other = named.empty() ? nullptr : frame.body->find(named.back());
    problem("NW-G013", frame.flat(node.id), {{"other", other ? other->name : "a node that is gone"}});
    return std::nullopt;
  }

  std::string circleAt(const Frame& frame, const Block& block) const {
    const Frame* same = &frame;
    while (same && same->block != block.id) same = same->outer;
    if (!same) return "";
    std::vector<std::string> names{block.name};
    for (const Frame* at = &frame; at && at->block; at = at->outer) {
      names.push_back(findBlock(at->block)->name);
      if (at->block != block.id) continue;
      std::reverse(names.begin(), names.end());
      return joined(names, " → ");
    }
    return "";
  }

  void expandInstance(const Frame& frame, const Node& node, const std::vector<const Wire*>& wires) {
    const NodeId id = frame.flat(node.id);
    if (!room(id)) return;
    setPlace(frame, id, node.id);
    Instance& made = out_.instances[id];
    made.name = frame.prefix + node.name;
    made.block = node.bodies.empty() ? BlockId{} : node.bodies.front();
    made.first = made.end = out_.flat.nodes.size();
    const Block* block = findBlock(made.block);
    if (block) made.title = block->name;
    if (!bodyOf(frame, id, made.block)) return;
    const auto given = node.params.find(kRepeat);
    const bool numbered = given != node.params.end() && given->second != Attribute(int64_t{1});
    const auto copies = numbered ? countOf(frame, id, given->second) : 1;
    const auto weights = weightOwner(frame, node);
    checkFace(node, id, *block, wires);
    if (!copies || !weights) return;
    const auto [stem, firstNumber] = numbering(made.name);
    const size_t first = made.first;
    std::map<std::string, PortRef> outputs;  // of the copy before
    for (int64_t i = 0; i < *copies && !full_; ++i) {
      Frame inner;
      inner.body = &block->body;
      inner.block = block->id;
      inner.outer = &frame;
      inner.prefix = numbered ? fmt::format("{}{}.", stem, firstNumber + i) : out_.instances[id].name + ".";
      inner.path = frame.path;
      inner.path.push_back(node.id);
      inner.repetitions = frame.repetitions;
      inner.repetitions.push_back(i);
      inner.hash = inside(frame.hash, node.id, i);
      inner.weights = inside(frame.weights, *weights, i);
      inner.mode = node.mode == Mode::Follow ? frame.mode : node.mode;
      const auto scope = newScope(frame, node, id, *block, i, *copies);
      if (!scope) return;
      enter(inner, *scope);
      inner.eachStep = isOn(node, kTimeDistributed);
      feed(frame, inner, *block, wires, outputs);
      expandBody(inner);
      for (const Node& port : block->body.nodes)
        if (port.kind == kBlockOutput) outputs[port.name] = {inner.flat(port.id), "y"};
    }
    Instance& known = out_.instances[id];  // others may have come and moved it
    known.first = first;
    known.end = out_.flat.nodes.size();
    known.outputs = std::move(outputs);
  }

  std::optional<int64_t> countOf(const Frame& frame, NodeId id, const Attribute& given) {
    const Attribute count = value(id, kRepeat, given, out_.names[frame.scope]);
    const auto* number = std::get_if<int64_t>(&count);
    if (number && *number >= 1 && *number <= kMostCopies) return *number;
    if (!std::holds_alternative<Formula>(count))
      problem("NW-P001", id,
              {{"param", kRepeat},
               {"problem", fmt::format("must be a whole number from 1 to {} but is {}", kMostCopies, toText(count))}},
              kRepeat);
    return std::nullopt;
  }

  // Wires to ports and values for parameters that the block does not have.
  void checkFace(const Node& node, NodeId id, const Block& block, const std::vector<const Wire*>& wires) {
    const std::vector<std::string> inputs = portNames(block.body, kBlockInput);
    for (const Wire* w : wires)
      if (std::find(inputs.begin(), inputs.end(), w->to.port) == inputs.end())
        problem("NW-G016", id, {{"block", block.name}, {"port", w->to.port}}, "", w->to.port, PortRef{id, w->to.port});
    for (const auto& [name, value] : node.params) {
      const auto named = [&](const ParamSpec& p) { return p.name == name; };
      if (name != kRepeat && name != kTimeDistributed && std::none_of(block.params.begin(), block.params.end(), named))
        problem("NW-P002", id, {{"param", name}}, name);
    }
  }

  // Names in one copy: the project's variables, the copy's number, the block's parameters and variables.
  std::optional<size_t> newScope(const Frame& frame, const Node& node, NodeId id, const Block& block, int64_t index,
                                 int64_t copies) {
    if (copies == 1 && block.params.empty() && block.body.variables.empty()) return plainScope();
    Attributes outer = out_.names[frame.scope], names = out_.names.front();
    for (Attributes* both : {&outer, &names}) {
      (*both)[kIndex] = index;
      (*both)[kRepeat] = copies;
    }
    bool good = true;
    for (const ParamSpec& spec : block.params) {
      const auto given = node.params.find(spec.name);
      const Attribute v = value(id, spec.name, given == node.params.end() ? spec.fallback : given->second, outer);
      good = good && !std::holds_alternative<Formula>(v);
      if (const auto wrong = spec.problem(v)) {
        problem("NW-P001", id, {{"param", spec.name}, {"problem", *wrong}}, spec.name);
        good = false;
      }
      names[spec.name] = v;
    }
    if (!good) return std::nullopt;
    if (!block.body.variables.empty()) define(block.body.variables, names, index == 0);
    out_.names.push_back(std::move(names));
    return out_.names.size() - 1;
  }

  // Of blocks without names of their own.
  size_t plainScope() {
    if (plain_ == 0) {
      out_.names.push_back(out_.names.front());
      out_.names.back()[kIndex] = int64_t{0};
      out_.names.back()[kRepeat] = int64_t{1};
      plain_ = out_.names.size() - 1;
    }
    return plain_;
  }

  // Wires into the block's ports: the k-th output of the copy before feeds the k-th input, the others come from
  // outside.
  void feed(const Frame& frame, const Frame& inner, const Block& block, const std::vector<const Wire*>& wires,
            const std::map<std::string, PortRef>& previous) {
    const std::vector<std::string> outputs = portNames(block.body, kBlockOutput);
    size_t place = 0;
    for (const Node& port : block.body.nodes) {
      if (port.kind != kBlockInput) continue;
      const PortRef to{inner.flat(port.id), "x"};
      const bool chained = !previous.empty() && place < outputs.size();
      std::vector<PortRef> targets{to};
      if (inner.eachStep && place == 0)  // outputs take as many steps out as came in
        for (const Node& output : block.body.nodes)
          if (output.kind == kBlockOutput) targets.push_back({inner.flat(output.id), "like"});
      for (const PortRef& target : targets) {
        if (chained) pending_.push_back({{previous.at(outputs[place]), target}, target});
        for (const Wire* w : wires)
          if (!chained && w->to.port == port.name) draw(frame, *w, target);
      }
      ++place;
    }
  }

  void drawWires() {
    std::vector<Wire*> drawn;
    drawn.reserve(pending_.size());
    for (Pending& p : pending_) {
      const auto instance = out_.instances.find(p.wire.from.node);
      if (instance != out_.instances.end()) {
        const auto& ports = instance->second.outputs;
        const auto port = ports.find(p.wire.from.port);
        if (port == ports.end()) {
          reportNoOutput(p, instance->second.block);
          continue;
        }
        p.wire.from = port->second;
      }
      drawn.push_back(&p.wire);
    }
    std::sort(drawn.begin(), drawn.end(),
              [](const Wire* a, const Wire* b) { return std::tie(a->to, a->from) < std::tie(b->to, b->from); });
    out_.flat.wires.reserve(drawn.size());
    for (Wire* w : drawn) out_.flat.wires.push_back(std::move(*w));
  }

  // What an instance with another fault would hand on is unknown; only a port that is not there is said.
  void reportNoOutput(const Pending& p, BlockId id) {
    const Block* block = findBlock(id);
    const auto all = block ? portNames(block->body, kBlockOutput) : std::vector<std::string>{};
    if (block && std::find(all.begin(), all.end(), p.wire.from.port) == all.end())
      problem("NW-G016", p.wire.from.node, {{"block", block->name}, {"port", p.wire.from.port}}, "", p.wire.from.port,
              p.drawnTo);
    out_.unknownInputs.insert(p.wire.to);
  }

  // Optional ports that nothing feeds, and the wires that leave them.
  void dropAbsentPorts() {
    const auto optional = [](const Node& n) { return n.kind == kBlockInput && isOn(n, "optional"); };
    if (std::none_of(out_.flat.nodes.begin(), out_.flat.nodes.end(), optional)) return;
    for (bool changed = true; changed;) {
      std::set<NodeId> fed = fed_, absent;
      for (const Wire& w : out_.flat.wires) fed.insert(w.to.node);
      for (const Node& n : out_.flat.nodes)
        if (optional(n) && !fed.contains(n.id)) absent.insert(n.id);
      changed = std::erase_if(out_.flat.wires, [&](const Wire& w) { return absent.contains(w.from.node); }) > 0;
    }
  }

  static constexpr size_t kDeepest = 64;  // instances within instances
  const Document& document_;
  std::unordered_map<int64_t, const Block*> blocks_;
  std::vector<Pending> pending_;
  std::set<NodeId> bypassed_;
  std::set<NodeId> fed_;  // ports of bodies that control flow runs
  int64_t made_ = 0;
  size_t plain_ = 0;  // a scope; 0: none yet
  bool full_ = false;
  Expanded out_;
};

}  // namespace

Expanded expand(const Document& document) { return Expansion(document).run(); }

}  // namespace netwright::graph
