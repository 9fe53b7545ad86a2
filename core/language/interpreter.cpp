// SPDX-License-Identifier: Apache-2.0
#include "core/language/interpreter.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/language/functions.h"

namespace netwright::language {

// --- what who derives from it replaces
std::optional<Value> Interpreter::callFunction(const std::string& path, const std::vector<Argument>& arguments,
                                               NodeIndex at) {
  const NodeIndex function = node(at).children[0];
  const Function* found = findFunction(path);
  if (!found) return fail(function, unknown("function", path, functionNames()));
  std::vector<Value> values;
  for (const Argument& a : arguments) {
    if (!a.name.empty())
      return fail(a.at, fmt::format("'{}' takes no named arguments; write {}", path, found->signature));
    if (!charge(sizeOf(a.value), at)) return std::nullopt;
    values.push_back(a.value);
  }
  if (values.size() < found->least || values.size() > found->most)
    return fail(at, fmt::format("'{}' is given {} {}; write {}", path, values.size(),
                                values.size() == 1 ? "argument" : "arguments", found->signature));
  Outcome outcome = found->call(values);
  if (!outcome.value) return fail(at, fmt::format("'{}': {}", path, outcome.problem));
  return charge(sizeOf(*outcome.value), at) ? std::move(outcome.value) : std::nullopt;
}

std::optional<Value> Interpreter::callMethod(const Value& object, const std::string& name, const std::vector<Argument>&,
                                             NodeIndex at) {
  return fail(node(at).children[0], fmt::format("{} has no method '{}'; functions are written before it: {}(...)",
                                                typeName(object), name, name));
}

std::optional<Value> Interpreter::attribute(const Value& object, const std::string& name, NodeIndex at) {
  return fail(at, fmt::format("{} has no attribute '{}'", typeName(object), name));
}

std::optional<Value> Interpreter::operate(const std::string& op, const std::vector<Value>&, NodeIndex at) {
  return fail(at, fmt::format("'{}' does not go with these values", op));
}

std::optional<Value> Interpreter::subscript(const Value& thing, NodeIndex at) {
  return fail(at, fmt::format("{} has no items", typeName(thing)));
}

std::optional<bool> Interpreter::decide(const Value& value, NodeIndex) { return truth(value); }

std::vector<std::string> Interpreter::functionNames() const {
  std::vector<std::string> names;
  for (const Function& f : functions()) names.emplace_back(f.name);
  return names;
}

std::optional<Value> Interpreter::constant(const std::string& path) {
  const auto found = findConstant(path);
  return found ? std::optional(Value(*found)) : std::nullopt;
}

std::optional<Value> Interpreter::assigned(const std::string&, const Value& value, NodeIndex) { return value; }

void Interpreter::computed(const Value&, NodeIndex) {}
void Interpreter::returned(const Value&, NodeIndex at) { fail(at, "'return' belongs into the code of a node"); }

// --- mistakes
std::nullopt_t Interpreter::failAt(Span at, std::string message) {
  if (mistakes_.size() < 20) mistakes_.push_back({at, positionOf(text_, at.begin), std::move(message)});
  return std::nullopt;
}
std::nullopt_t Interpreter::fail(NodeIndex at, std::string message) { return failAt(node(at).at, std::move(message)); }

std::optional<Value> Interpreter::settle(NodeIndex at, Outcome outcome) {
  if (!outcome.value) return fail(at, std::move(outcome.problem));
  return std::move(outcome.value);
}

std::string Interpreter::unknown(const std::string& kind, const std::string& name,
                                 const std::vector<std::string>& known) const {
  const std::string like = nearest(name, known);
  return like.empty() ? fmt::format("unknown {} '{}'", kind, name)
                      : fmt::format("unknown {} '{}'; did you mean '{}'?", kind, name, like);
}

bool Interpreter::charge(size_t work, NodeIndex at) {
  if (work <= budget_) {
    budget_ -= work;
    return true;
  }
  if (!ended_) fail(at, "this takes more than 1,000,000 steps; make loops and lists shorter");
  budget_ = 0;
  ended_ = true;
  return false;
}

// --- expressions
std::optional<Value> Interpreter::evaluate(NodeIndex index) {
  if (!charge(1, index)) return std::nullopt;
  const Node& n = node(index);
  switch (n.kind) {
    case NodeKind::Whole:
      return Value(n.whole);
    case NodeKind::Real:
      return Value(n.real);
    case NodeKind::Text:
      return charge(n.text.size() / 16, index) ? std::optional(Value(n.text)) : std::nullopt;
    case NodeKind::True:
    case NodeKind::False:
      return Value(n.kind == NodeKind::True);
    case NodeKind::None:
      return Value(netwright::None{});
    case NodeKind::Ellipsis:
      return fail(index, "'...' stands for dimensions in an index, as in x[..., 0]");
    case NodeKind::Name:
      return name(index);
    case NodeKind::Tuple:
    case NodeKind::List:
      return items(n.children, 0);
    case NodeKind::Starred:
      return fail(index, "'*' before a list puts its items into a call or another list; here is neither");
    case NodeKind::Comprehension:
      return comprehension(index);
    case NodeKind::Unary:
    case NodeKind::Binary:
      return operation(index);
    case NodeKind::Comparison:
      return comparison(index);
    case NodeKind::And:
    case NodeKind::Or: {
      const auto left = evaluate(n.children[0]);
      const auto holds = left ? decide(*left, n.children[0]) : std::nullopt;
      if (!holds) return std::nullopt;
      return *holds == (n.kind == NodeKind::Or) ? left : evaluate(n.children[1]);
    }
    case NodeKind::Conditional: {
      const auto test = evaluate(n.children[0]);
      const auto holds = test ? decide(*test, n.children[0]) : std::nullopt;
      return holds ? evaluate(n.children[*holds ? 1 : 2]) : std::nullopt;
    }
    case NodeKind::Call:
      return call(index);
    case NodeKind::Attribute:
      return attributeOf(index);
    case NodeKind::Subscript:
      return itemsAt(index);
    default:
      return fail(index, "this is no value");
  }
}

bool Interpreter::isKnown(const std::string& name) {
  return names_.contains(name) || faulty_.contains(name) || outer(name).has_value();
}

std::optional<Value> Interpreter::name(NodeIndex index) {
  const std::string& name = node(index).text;
  if (const auto found = names_.find(name); found != names_.end()) return found->second;
  if (faulty_.contains(name)) return std::nullopt;
  const size_t before = mistakes_.size();
  if (auto value = outer(name)) return value;
  if (mistakes_.size() > before) return std::nullopt;
  if (auto known = constant(name)) return known;
  if (findFunction(name))
    return fail(index, fmt::format("'{}' is a function; call it: {}", name, findFunction(name)->signature));
  std::vector<std::string> known = outerNames();
  for (const auto& [assigned, value] : names_) known.push_back(assigned);
  return fail(index, unknown("name", name, known));
}

std::optional<Value> Interpreter::items(const std::vector<NodeIndex>& nodes, size_t first) {
  std::vector<Value> values;
  bool sound = true;  // the mistakes of all items are told
  for (size_t i = first; i < nodes.size(); ++i) {
    const bool starred = node(nodes[i]).kind == NodeKind::Starred;
    const NodeIndex item = starred ? node(nodes[i]).children[0] : nodes[i];
    auto value = evaluate(item);
    if (!value) {
      sound = false;
    } else if (!starred) {
      values.push_back(std::move(*value));
    } else if (const auto* list = value->list()) {
      if (!charge(list->size(), item)) return std::nullopt;
      values.insert(values.end(), list->begin(), list->end());
    } else {
      fail(item, fmt::format("'*' needs a list, not {}", typeName(*value)));
      sound = false;
    }
  }
  if (!sound) return std::nullopt;
  return settle(nodes.empty() ? 0 : nodes[0], listOf(std::move(values)));
}

std::optional<std::string> Interpreter::path(NodeIndex index) const {
  const Node& n = node(index);
  if (n.kind == NodeKind::Name) return n.text;
  if (n.kind != NodeKind::Attribute) return std::nullopt;
  const auto before = path(n.children[0]);
  return before ? std::optional(*before + "." + n.text) : std::nullopt;
}

std::optional<std::vector<Argument>> Interpreter::arguments(const Node& call) {
  std::vector<Argument> all;
  bool sound = true;
  for (size_t i = 1; i < call.children.size(); ++i) {
    const Node& n = node(call.children[i]);
    const bool wrapped = n.kind == NodeKind::Keyword || n.kind == NodeKind::Starred;
    const NodeIndex at = wrapped ? n.children[0] : call.children[i];
    auto value = evaluate(at);
    if (!value) {
      sound = false;
    } else if (n.kind != NodeKind::Starred) {
      all.push_back({n.kind == NodeKind::Keyword ? n.text : "", std::move(*value), at});
    } else if (const auto* list = value->list()) {
      if (!charge(list->size(), at)) return std::nullopt;
      for (const Value& item : *list) all.push_back({"", item, at});
    } else {
      fail(at, fmt::format("'*' needs a list, not {}", typeName(*value)));
      sound = false;
    }
  }
  return sound ? std::optional(std::move(all)) : std::nullopt;
}

std::optional<Value> Interpreter::call(NodeIndex index) {
  const NodeIndex function = node(index).children[0];
  const auto spelled = path(function);
  const bool byPath = spelled && !isKnown(spelled->substr(0, spelled->find('.')));
  if (byPath) {
    const auto given = arguments(node(index));
    return given ? callFunction(*spelled, *given, index) : std::nullopt;
  }
  if (node(function).kind != NodeKind::Attribute)
    return fail(function,
                spelled ? fmt::format("'{}' is a value and cannot be called; is a sign missing before '('?", *spelled)
                        : "only names can be called");
  const auto object = evaluate(node(function).children[0]);
  const auto given = arguments(node(index));
  return object && given ? callMethod(*object, node(function).text, *given, index) : std::nullopt;
}

std::optional<Value> Interpreter::attributeOf(NodeIndex index) {
  const auto spelled = path(index);
  if (spelled && !isKnown(spelled->substr(0, spelled->find('.'))))
    if (auto known = constant(*spelled)) return known;
  const auto object = evaluate(node(index).children[0]);
  return object ? attribute(*object, node(index).text, index) : std::nullopt;
}

std::optional<Value> Interpreter::operation(NodeIndex index) {
  const Node& n = node(index);
  std::vector<Value> operands;
  for (const NodeIndex child : n.children)
    if (auto value = evaluate(child)) operands.push_back(std::move(*value));
  if (operands.size() < n.children.size()) return std::nullopt;
  if (n.kind == NodeKind::Unary && n.text == "not") {
    const auto holds = decide(operands[0], n.children[0]);
    return holds ? std::optional(Value(!*holds)) : std::nullopt;
  }
  if (std::any_of(operands.begin(), operands.end(), [](const Value& v) { return v.as<Thing>(); }))
    return operate(n.text, operands, index);
  for (const Value& v : operands)
    if (!charge(sizeOf(v), index)) return std::nullopt;
  Outcome outcome = operands.size() == 1 ? unary(n.text, operands[0]) : binary(n.text, operands[0], operands[1]);
  if (outcome.value && !charge(sizeOf(*outcome.value), index)) return std::nullopt;
  return settle(index, std::move(outcome));
}

std::optional<Value> Interpreter::comparison(NodeIndex index) {
  const Node& n = node(index);
  auto left = evaluate(n.children[0]);
  for (size_t i = 1; i < n.children.size() && left; ++i) {
    const Node& compared = node(n.children[i]);
    auto right = evaluate(compared.children[0]);
    if (!right) return std::nullopt;
    std::optional<Value> result;
    if (left->as<Thing>() || right->as<Thing>()) {
      result = operate(compared.text, {*left, *right}, index);
    } else {
      if (!charge(sizeOf(*left) + sizeOf(*right), index)) return std::nullopt;
      result = settle(index, compare(compared.text, *left, *right));
    }
    if (!result || i + 1 == n.children.size()) return result;
    const auto holds = decide(*result, index);
    if (!holds || !*holds) return holds ? result : std::nullopt;
    left = std::move(right);
  }
  return std::nullopt;
}

std::optional<Range> Interpreter::range(NodeIndex slice) {
  Range range;
  std::optional<int64_t>* const parts[] = {&range.start, &range.stop, &range.step};
  for (size_t i = 0; i < 3; ++i) {
    const NodeIndex part = node(slice).children[i];
    if (part == kNoNode) continue;
    const auto value = evaluate(part);
    if (!value) return std::nullopt;
    if (value->as<netwright::None>()) continue;
    if (!wholeOf(*value))
      return fail(part, fmt::format("a slice is made of whole numbers, not of {}", typeName(*value)));
    *parts[i] = *wholeOf(*value);
  }
  return range;
}

std::optional<Value> Interpreter::itemsAt(NodeIndex index) {
  const NodeIndex at = node(index).children[1];
  const auto object = evaluate(node(index).children[0]);
  if (!object) return std::nullopt;
  if (object->as<Thing>()) return subscript(*object, index);
  if (!charge(sizeOf(*object), index)) return std::nullopt;
  if (node(at).kind == NodeKind::Slice) {
    const auto parts = range(at);
    return parts ? settle(index, slice(*object, *parts)) : std::nullopt;
  }
  const auto value = evaluate(at);
  if (!value) return std::nullopt;
  if (!wholeOf(*value)) return fail(at, fmt::format("an index is a whole number, not {}", typeName(*value)));
  return settle(index, itemAt(*object, *wholeOf(*value)));
}

std::optional<Value> Interpreter::comprehension(NodeIndex index) {
  const Node& n = node(index);
  const auto over = evaluate(n.children[2]);
  if (!over) return std::nullopt;
  if (!over->list())
    return fail(n.children[2], fmt::format("'for' needs a list or range(...), not {}", typeName(*over)));
  if (!charge(names_.size(), index)) return std::nullopt;
  const std::map<std::string, Value> before = names_;  // its names end with it
  std::vector<Value> values;
  bool sound = true;
  for (const Value& item : *over->list()) {
    sound = assign(n.children[1], item);
    if (sound && n.children[3] != kNoNode) {
      const auto test = evaluate(n.children[3]);
      const auto holds = test ? decide(*test, n.children[3]) : std::nullopt;
      sound = holds.has_value();
      if (sound && !*holds) continue;
    }
    auto value = sound ? evaluate(n.children[0]) : std::nullopt;
    sound = value.has_value();
    if (!sound) break;
    values.push_back(std::move(*value));
  }
  names_ = before;
  return sound ? settle(index, listOf(std::move(values))) : std::nullopt;
}

// --- statements
bool Interpreter::assign(NodeIndex target, const Value& value) {
  const Node& n = node(target);
  if (n.kind == NodeKind::Name) {
    auto kept = assigned(n.text, value, target);
    if (!kept) return false;
    faulty_.erase(n.text);
    names_.insert_or_assign(n.text, std::move(*kept));
    return true;
  }
  const auto* list = value.list();
  if (!list)
    return fail(target, fmt::format("{} cannot be taken apart into {} names", typeName(value), n.children.size())),
           false;
  if (list->size() != n.children.size())
    return fail(target, fmt::format("there are {} names for {} values", n.children.size(), list->size())), false;
  for (size_t i = 0; i < list->size(); ++i)
    if (!assign(n.children[i], (*list)[i])) return false;
  return true;
}

void Interpreter::spoil(NodeIndex index) {  // the names that are set there have no values now
  const Node& n = node(index);
  if (n.kind == NodeKind::Name) {
    names_.erase(n.text);
    faulty_.insert(n.text);
  } else if (n.kind == NodeKind::Assign || n.kind == NodeKind::Tuple) {
    for (size_t i = 0; i + (n.kind == NodeKind::Assign) < n.children.size(); ++i) spoil(n.children[i]);
  } else if (n.kind == NodeKind::For) {
    spoil(n.children[0]);
    spoil(n.children[2]);
  } else if (n.kind == NodeKind::If || n.kind == NodeKind::Block) {
    for (size_t i = n.kind == NodeKind::If; i < n.children.size(); ++i)
      if (n.children[i] != kNoNode) spoil(n.children[i]);
  }
}

void Interpreter::run(NodeIndex block) {
  for (const NodeIndex index : node(block).children) {
    if (ended_) return;
    statement(index);
  }
}

void Interpreter::statement(NodeIndex index) {
  if (!charge(1, index)) return;
  const Node& n = node(index);
  if (n.kind == NodeKind::Assign) {
    const auto value = evaluate(n.children.back());
    for (size_t i = 0; i + 1 < n.children.size(); ++i)
      if (!value || !assign(n.children[i], *value)) spoil(n.children[i]);
  } else if (n.kind == NodeKind::For) {
    forLoop(index);
  } else if (n.kind == NodeKind::If) {
    const auto test = evaluate(n.children[0]);
    const auto holds = test ? decide(*test, n.children[0]) : std::nullopt;
    if (!holds) return spoil(index);
    if (const NodeIndex chosen = n.children[*holds ? 1 : 2]; chosen != kNoNode) run(chosen);
  } else if (n.kind == NodeKind::Return) {
    if (n.children[0] == kNoNode) {
      fail(index, "after 'return' the results are missing");
    } else if (const auto value = evaluate(n.children[0])) {
      returned(*value, index);
    }
    ended_ = true;
  } else if (n.kind == NodeKind::Statement) {
    if (const auto value = evaluate(n.children[0])) computed(*value, index);
  }
}

void Interpreter::forLoop(NodeIndex index) {
  const Node& n = node(index);
  const auto over = evaluate(n.children[1]);
  const auto* list = over ? over->list() : nullptr;
  if (over && !list) fail(n.children[1], fmt::format("'for' needs a list or range(...), not {}", typeName(*over)));
  if (!list) return spoil(index);
  const size_t before = mistakes_.size();
  for (const Value& item : *list) {
    if (!assign(n.children[0], item)) return spoil(index);
    run(n.children[2]);
    if (ended_ || mistakes_.size() > before) return;  // once is enough
  }
}

}  // namespace netwright::language
