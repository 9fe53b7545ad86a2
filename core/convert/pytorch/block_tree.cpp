// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/block_tree.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "core/convert/module_tree.h"
#include "core/convert/pytorch/class_source.h"

namespace netwright::convert::pytorch {
namespace {

using program::ValueId;
using Key = std::pair<NodePath, std::vector<int64_t>>;  // of a copy: the instances that lead into it, which copies
using Element = BlockScope::Element;

// What the copy of an instance is called in the flat graph, where `rest` begins with it: "layer1.2" of four copies.
std::string copyName(const graph::Node& instance, const std::string& rest) {
  const auto repeat = instance.params.find(graph::kRepeat);
  if (repeat == instance.params.end() || repeat->second == Attribute(int64_t{1})) return instance.name;
  const auto isDigit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  const size_t dot = instance.name.rfind('.');
  const bool counts =
      dot != std::string::npos && dot + 1 < instance.name.size() &&
      std::all_of(instance.name.begin() + static_cast<std::ptrdiff_t>(dot) + 1, instance.name.end(), isDigit);
  size_t end = counts ? dot + 1 : instance.name.size() + 1;
  while (end < rest.size() && isDigit(rest[end])) ++end;
  return rest.substr(0, end);
}

// What a body of control flow is called there: "loop1", "if1.then", "switch1.2".
std::string bodyName(const graph::Node& control, size_t which) {
  if (control.bodies.size() == 1) return control.name;
  if (control.kind == graph::kIf) return control.name + (which == 0 ? ".then" : ".otherwise");
  return control.name + "." + std::to_string(which);
}

class Growth {
 public:
  Growth(const graph::Document& drawn, const layers::Lowered& lowered, const program::Program& program,
         const std::vector<NodePlan>& plans)
      : drawn_(drawn), lowered_(lowered), program_(program), plans_(plans) {
    for (size_t i = 0; i < plans.size(); ++i) {
      byNode_[plans[i].node->id] = i;
      if (const ControlFlow* control = plans[i].control)
        for (const ControlFlow::Region& r : control->regions) {  // what enters a body is made by the node that runs it
          if (r.index) makers_[r.index] = i;
          for (const auto* list : {&r.carried, &r.parts})
            for (const ValueId v : *list) makers_[v] = i;
        }
      for (const auto* ops : {&plans[i].preparations, &plans[i].ops, &plans[i].effects})
        for (const program::Op* op : *ops)
          for (const ValueId v : op->results) makers_[v] = i;
      for (const program::State* s : plans[i].states) owners_[s->value] = i;
    }
  }

  std::vector<std::unique_ptr<BlockScope>> grow() {
    do {
      build();
    } while (!findOrders() || !namesFit() || !findPorts());
    for (const program::Port& p : program_.inputs) scopes_.front()->takes.push_back({p.value, p.name});
    for (const program::Port& p : program_.outputs) scopes_.front()->gives.push_back({p.value, p.name});
    for (const auto& scope : scopes_) findTwin(*scope);
    return std::move(scopes_);
  }

 private:
  struct Home {
    Key key;
    size_t depth = 0;  // of the path that leads into it
    size_t index = 0;  // in its parent
  };

  void build() {
    scopes_.clear();
    homes_.clear();
    std::map<Key, BlockScope*> byKey;
    scopes_.push_back(std::make_unique<BlockScope>());
    scopes_.front()->body = &drawn_;
    where_.assign(plans_.size(), scopes_.front().get());
    for (size_t i = 0; i < plans_.size(); ++i) {
      const graph::Node& node = *plans_[i].node;
      BlockScope* scope = scopes_.front().get();
      graph::Point position = node.position;
      const graph::Copy& copy = copyOf(node.id);
      const NodePath& path = copy.path;
      std::string prefix;
      const graph::Document* body = &drawn_;
      bool dissolved = false;  // the position is that of an instance
      for (size_t depth = 0; depth < path.size();) {
        const graph::Node& instance = *body->find(path[depth++]);
        const bool isBody = instance.kind != graph::kInstance;
        const size_t which =  // of control flow's bodies
            isBody && depth < path.size() && path[depth].value < 0 ? static_cast<size_t>(-path[depth++].value) : 0;
        prefix += (isBody ? bodyName(instance, which) : copyName(instance, node.name.substr(prefix.size()))) + ".";
        body = drawn_.body(instance.bodies[which]);
        const bool inBody = !dissolved;  // the instance is drawn in the scope's own body
        if (inBody) position = instance.position;
        const auto upTo = [&](const auto& list) {
          return std::decay_t<decltype(list)>(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(depth));
        };
        const Key key{upTo(path), upTo(copy.repetitions)};
        dissolved = dissolved_.contains(key);
        if (dissolved) continue;
        BlockScope*& inner = byKey[key];
        if (!inner) {
          inner = open(*scope, instance, which, key, prefix, position, inBody);
          if (isBody) inner->control = controlOf(key);
          inner->place = which;
        }
        scope = inner;
        position = node.position;
      }
      where_[i] = scope;
      scope->elements.push_back({node.name.substr(scope->prefix.size()), position, &plans_[i], nullptr,
                                 dissolved ? nullptr : drawnIn(*body, node.id)});
    }
  }

  // The node that runs a body.
  const NodePlan* controlOf(const Key& key) const {
    NodePath path = key.first;
    std::vector<int64_t> copies = key.second;
    if (path.back().value < 0) {
      path.pop_back();
      copies.pop_back();
    }
    copies.pop_back();
    return &plans_[byNode_.at(graph::derivedId(path, copies))];
  }

  BlockScope* open(BlockScope& parent, const graph::Node& instance, size_t which, const Key& key,
                   const std::string& prefix, const graph::Point& position, bool inBody) {
    scopes_.push_back(std::make_unique<BlockScope>());
    BlockScope& scope = *scopes_.back();
    scope.parent = &parent;
    scope.block = drawn_.findBlock(instance.bodies[which]);
    scope.body = &scope.block->body;
    scope.prefix = prefix;
    homes_[&scope] = {key, key.first.size(), parent.elements.size()};
    const std::string name = prefix.substr(parent.prefix.size());
    parent.elements.push_back(
        {name.substr(0, name.size() - 1), position, nullptr, &scope, inBody ? &instance : nullptr});
    NodePath path = key.first;
    path.push_back(scope.body->nodes.front().id);
    const Attributes& names = lowered_.structure->namesAt(graph::derivedId(path, key.second));
    for (const ParamSpec& p : scope.block->params)
      if (const auto value = names.find(p.name); value != names.end()) scope.exposed.emplace_back(*value);
    return &scope;
  }

  const graph::Copy& copyOf(NodeId node) const {
    static const graph::Copy kNetwork;
    return lowered_.structure ? lowered_.structure->copyOf(node) : kNetwork;
  }

  // As it stands in the block; null outside of all.
  const graph::Node* drawnIn(const graph::Document& body, NodeId node) const {
    if (!lowered_.structure) return nullptr;
    const auto place = lowered_.structure->places.find(node);
    return place == lowered_.structure->places.end() ? nullptr : body.find(place->second.node);
  }

  bool dissolve(const BlockScope& scope) {
    dissolved_.insert(homes_.at(&scope).key);
    return false;
  }

  static bool within(const BlockScope* scope, const BlockScope& outer) {
    while (scope && scope != &outer) scope = scope->parent;
    return scope != nullptr;
  }

  // The element of `outer` that is the plan or holds it.
  size_t elementOf(size_t plan, const BlockScope& outer) const {
    const BlockScope* scope = where_[plan];
    if (scope == &outer)
      for (size_t i = 0;; ++i)
        if (outer.elements[i].plan == &plans_[plan]) return i;
    while (scope->parent != &outer) scope = scope->parent;
    return homes_.at(scope).index;
  }

  // In which the elements of each scope can run one after another. False after dissolving instances that wait for what
  // they have themselves made.
  bool findOrders() {
    std::map<const BlockScope*, graph::Document> flows;
    for (const graph::Wire& w : lowered_.flat(drawn_).wires) {
      const auto from = byNode_.find(w.from.node), to = byNode_.find(w.to.node);
      if (from == byNode_.end() || to == byNode_.end()) continue;
      const BlockScope* common = where_[to->second];
      while (!within(where_[from->second], *common)) common = common->parent;
      const auto id = [&](size_t plan) { return NodeId{static_cast<int64_t>(elementOf(plan, *common)) + 1}; };
      flows[common].wires.push_back({{id(from->second), ""}, {id(to->second), ""}});
    }
    for (const auto& scope : scopes_) {
      graph::Document& flow = flows[scope.get()];
      for (size_t i = 0; i < scope->elements.size(); ++i) flow.nodes.emplace_back().id = {static_cast<int64_t>(i) + 1};
      std::set<size_t> missing;
      for (size_t i = 0; i < scope->elements.size(); ++i) missing.insert(i);
      for (const NodeId id : graph::topologicalOrder(flow)) {
        scope->order.push_back(static_cast<size_t>(id.value) - 1);
        missing.erase(scope->order.back());
      }
      for (const size_t i : missing)
        if (scope->elements[i].scope) dissolve(*scope->elements[i].scope);
      if (!missing.empty()) return false;
    }
    return true;
  }

  // What lies in an instance's module beside its own: "up3.up" beside an instance "up3".
  bool namesFit() {
    for (const auto& scope : scopes_)
      for (const Element& e : scope->elements) {
        if (!e.scope || e.scope->control) continue;
        std::set<std::string> own;
        for (const Element& inner : e.scope->elements) own.insert(components(inner.name).front());
        for (const Element& other : scope->elements)
          if (other.name.starts_with(e.name + ".") &&
              own.contains(components(other.name.substr(e.name.size() + 1)).front()))
            return dissolve(*e.scope);
      }
    return true;
  }

  // Values that a plan's statements read, states of other nodes among them.
  static std::vector<ValueId> readBy(const NodePlan& plan) {
    std::vector<ValueId> all;
    if (plan.control) return plan.control->reads();
    if (plan.form == NodePlan::Form::Inline && plan.code.empty()) {
      for (const auto& reads : readsOf(plan.ops)) all.insert(all.end(), reads.begin(), reads.end());
      return all;
    }
    all = plan.tensors();
    all.insert(all.end(), plan.foreign.begin(), plan.foreign.end());
    return all;
  }

  bool findPorts() {
    std::map<const BlockScope*, std::vector<ValueId>> needs, makes;
    const auto add = [](std::vector<ValueId>& list, ValueId v) {
      if (std::find(list.begin(), list.end(), v) == list.end()) list.push_back(v);
    };
    const auto given = [&](ValueId v, const BlockScope* reader) {
      const auto maker = makers_.find(v);
      if (maker == makers_.end()) return;
      for (const BlockScope* s = where_[maker->second]; s->parent && !(reader && within(reader, *s)); s = s->parent)
        add(makes[s], v);
    };
    for (size_t i = 0; i < plans_.size(); ++i)
      for (const ValueId v : readBy(plans_[i])) {
        const auto maker = makers_.find(v), owner = owners_.find(v);
        const size_t* source = maker != makers_.end()   ? &maker->second
                               : owner != owners_.end() ? &owner->second
                                                        : nullptr;
        for (const BlockScope* s = where_[i]; s->parent && !(source && within(where_[*source], *s)); s = s->parent)
          add(needs[s], v);
        given(v, where_[i]);
      }
    for (const program::Port& p : program_.outputs) given(p.value, nullptr);
    for (const auto& scope : scopes_) {
      if (!scope->parent) continue;
      setPorts(*scope, needs[scope.get()], makes[scope.get()]);
      if (scope->gives.empty() && !scope->control && std::any_of(plans_.begin(), plans_.end(), [&](const NodePlan& p) {
            return !p.states.empty() && within(where_[static_cast<size_t>(&p - plans_.data())], *scope);
          }))
        return dissolve(*scope);
    }
    return true;
  }

  // The port nodes of a scope's own.
  template <class Each>
  void eachPort(const BlockScope& scope, const char* kind, const Each& each) const {
    for (const Element& e : scope.elements)
      if (e.plan && e.plan->node->kind == kind && copyOf(e.plan->node->id).path.size() == homes_.at(&scope).depth)
        each(*e.plan, e.name);
  }

  void setPorts(BlockScope& scope, std::vector<ValueId> needs, const std::vector<ValueId>& makes) const {
    scope.takes.clear();
    scope.gives.clear();
    eachPort(scope, graph::kBlockInput, [&](const NodePlan& port, const std::string& name) {
      const auto& values = scope.control ? port.out : port.in;
      const auto value = values.find(scope.control ? "y" : "x");
      if (value != values.end() && std::erase(needs, value->second) > 0) scope.takes.push_back({value->second, name});
    });
    for (const ValueId v : needs) {
      std::string name = "x";
      for (const program::State& s : program_.states)
        if (s.value == v) name = s.id.slot.substr(s.id.slot.rfind('.') + 1);
      scope.takes.push_back({v, name});
    }
    eachPort(scope, graph::kBlockOutput, [&](const NodePlan& port, const std::string& name) {
      const auto value = port.out.find("y");
      const auto known = [&](const BlockScope::Port& p) { return p.value == value->second; };
      if (value != port.out.end() && std::find(makes.begin(), makes.end(), value->second) != makes.end() &&
          std::none_of(scope.gives.begin(), scope.gives.end(), known))
        scope.gives.push_back({value->second, name});
    });
  }

  static void leaves(const BlockScope& scope, std::vector<const NodePlan*>& all) {
    for (const Element& e : scope.elements) e.scope ? leaves(*e.scope, all) : all.push_back(e.plan);
  }

  // Whose weights a node uses if they are all another's, else itself.
  static NodeId source(const graph::Node& node) {
    const auto shared = node.shared.find("*");
    return shared == node.shared.end() || shared->second.owner.empty() ? node.id : shared->second.owner.back();
  }

  static bool alike(const NodePlan& a, const NodePlan& b) {
    std::map<std::string, ParameterId> own = a.node->shared, others = b.node->shared;
    own.erase("*");
    others.erase("*");
    std::set<std::string> ports, otherPorts;
    for (const auto& [port, value] : a.in) ports.insert(port);
    for (const auto& [port, value] : b.in) otherPorts.insert(port);
    return a.node->kind == b.node->kind && a.params == b.params && a.names == b.names && a.node->mode == b.node->mode &&
           source(*a.node) == source(*b.node) && own == others && ports == otherPorts;
  }

  // Another instance of the parent whose weights these are and which computes the same; then takes and gives are as
  // its forward() has them.
  void findTwin(BlockScope& scope) {
    std::vector<const NodePlan*> own, others;
    leaves(scope, own);
    if (!scope.parent || scope.control || own.empty()) return;
    const auto owner = byNode_.find(source(*own.front()->node));
    if (owner == byNode_.end()) return;
    const BlockScope* other = where_[owner->second];
    while (other && other->parent != scope.parent) other = other->parent;
    if (!other || other == &scope || other->control || other->block != scope.block) return;
    leaves(*other, others);
    if (!std::equal(own.begin(), own.end(), others.begin(), others.end(),
                    [](const NodePlan* a, const NodePlan* b) { return alike(*a, *b); }))
      return;
    std::map<std::string, ValueId> ins, outs;
    eachPort(scope, graph::kBlockInput, [&](const NodePlan& p, const std::string& name) {
      if (p.in.contains("x")) ins[name] = p.in.at("x");
    });
    eachPort(scope, graph::kBlockOutput,
             [&](const NodePlan& p, const std::string& name) { outs[name] = p.out.at("y"); });
    std::vector<BlockScope::Port> takes = other->takes, gives = other->gives;
    for (BlockScope::Port& p : takes)
      if (!owners_.contains(p.value)) {
        if (!ins.contains(p.name)) return;
        p.value = ins.at(p.name);
      }
    for (BlockScope::Port& p : gives) {
      if (!outs.contains(p.name)) return;
      p.value = outs.at(p.name);
    }
    const auto among = [](const std::vector<BlockScope::Port>& list, ValueId v) {
      return std::any_of(list.begin(), list.end(), [&](const BlockScope::Port& p) { return p.value == v; });
    };
    for (const BlockScope::Port& p : scope.takes)
      if (!owners_.contains(p.value) && !among(takes, p.value)) return;
    for (const BlockScope::Port& p : scope.gives)
      if (!among(gives, p.value)) return;
    scope.takes = takes;
    scope.gives = gives;
    scope.twin = other;
  }

  const graph::Document& drawn_;
  const layers::Lowered& lowered_;
  const program::Program& program_;
  const std::vector<NodePlan>& plans_;
  std::map<NodeId, size_t> byNode_;
  std::map<ValueId, size_t> makers_, owners_;  // plans: of values, of states
  std::set<Key> dissolved_;
  std::vector<std::unique_ptr<BlockScope>> scopes_;
  std::map<const BlockScope*, Home> homes_;
  std::vector<BlockScope*> where_;  // each plan
};

bool isWritten(const BlockScope& scope) {
  for (const BlockScope* s = &scope; s->parent; s = s->parent)
    if (s->twin || s->gives.empty()) return false;
  return true;
}

}  // namespace

BlockTree::BlockTree(const graph::Document& drawn, const layers::Lowered& lowered, const program::Program& program,
                     const std::vector<NodePlan>& plans)
    : scopes_(Growth(drawn, lowered, program, plans).grow()) {}

std::vector<std::vector<const BlockScope*>> BlockTree::instances() const {
  std::vector<const graph::Block*> order;
  std::map<const graph::Block*, std::vector<const BlockScope*>> all;
  std::map<const graph::Block*, std::set<const graph::Block*>> users;
  for (const auto& scope : scopes_) {
    if (!scope->parent || !isWritten(*scope)) continue;
    if (all[scope->block].empty()) order.push_back(scope->block);
    all[scope->block].push_back(scope.get());
    for (const BlockScope* s = scope->parent; s->parent; s = s->parent) users[scope->block].insert(s->block);
  }
  // Whoever uses a block stands above it.
  std::map<const graph::Block*, size_t> heights;
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [block, above] : users)
      for (const graph::Block* user : above)
        if (heights[user] <= heights[block]) {
          heights[user] = heights[block] + 1;
          changed = true;
        }
  }
  std::stable_sort(order.begin(), order.end(), [&](const auto* a, const auto* b) { return heights[a] < heights[b]; });
  std::vector<std::vector<const BlockScope*>> groups;
  for (const graph::Block* block : order) groups.push_back(all.at(block));
  return groups;
}

}  // namespace netwright::convert::pytorch
