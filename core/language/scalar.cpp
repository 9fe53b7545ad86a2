// SPDX-License-Identifier: Apache-2.0
#include "core/language/scalar.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/language/functions.h"
#include "core/language/interpreter.h"
#include "core/language/tokens.h"

namespace netwright::language {
namespace {

class Formula : public Interpreter {
 public:
  Formula(std::string_view text, const Tree& tree, const Names& names) : Interpreter(text, tree), given_(names) {}

 protected:
  std::optional<Value> outer(const std::string& name) override {
    const auto found = given_.find(name);
    return found == given_.end() ? std::nullopt : std::optional(valueOf(found->second));
  }
  std::vector<std::string> outerNames() const override {
    std::vector<std::string> names;
    for (const auto& [name, value] : given_) names.push_back(name);
    return names;
  }

 private:
  const Names& given_;
};

// Depth first over a tree of bounded depth.
void collect(const Tree& tree, NodeIndex index, std::vector<std::string>& names, std::set<std::string>& own) {
  const Node& n = tree[index];
  if (n.kind == NodeKind::Name && !own.contains(n.text) && std::find(names.begin(), names.end(), n.text) == names.end())
    names.push_back(n.text);
  if (n.kind == NodeKind::Comprehension) {
    collect(tree, n.children[2], names, own);
    std::vector<std::string> targets;
    std::set<std::string> none, inner = own;
    collect(tree, n.children[1], targets, none);
    inner.insert(targets.begin(), targets.end());
    for (const size_t i : {3, 0})
      if (n.children[i] != kNoNode) collect(tree, n.children[i], names, inner);
    return;
  }
  const bool callsFunction = n.kind == NodeKind::Call && tree[n.children[0]].kind == NodeKind::Name;
  for (size_t i = callsFunction && findFunction(tree[n.children[0]].text); i < n.children.size(); ++i) {
    const NodeIndex child = n.children[i];
    if (child == kNoNode) continue;
    const Node& c = tree[child];
    const bool module = c.kind == NodeKind::Attribute && tree[c.children[0]].kind == NodeKind::Name &&
                        tree[c.children[0]].text == "math";
    if (!module) collect(tree, child, names, own);
  }
}

}  // namespace

FormulaValue valuesAmong(Names names) {
  return [names = std::move(names)](const std::string& formula) -> FormulaWorth {
    Evaluated result = evaluate(formula, names);
    return {std::move(result.value), result.mistake ? result.mistake->message : ""};
  };
}

Evaluated evaluate(std::string_view formula, const Names& names) {
  const Parsed parsed = parseExpression(formula);
  if (!parsed.mistakes.empty()) return {{}, parsed.mistakes.front()};
  Formula interpreter(formula, parsed.tree, names);
  const std::optional<Value> value = interpreter.evaluate(parsed.tree.root);
  if (!value) return {{}, interpreter.mistakes().front()};
  std::variant<Attribute, std::string> result = attributeOf(*value);
  if (const auto* problem = std::get_if<std::string>(&result)) {
    const Span at = parsed.tree[parsed.tree.root].at;
    return {{}, Mistake{at, positionOf(formula, at.begin), *problem}};
  }
  return {std::get<Attribute>(std::move(result)), std::nullopt};
}

std::vector<std::string> namesIn(std::string_view formula) {
  const Parsed parsed = parseExpression(formula);
  std::vector<std::string> names;
  std::set<std::string> own;
  if (parsed.mistakes.empty()) collect(parsed.tree, parsed.tree.root, names, own);
  std::erase(names, "math");
  return names;
}

std::string nameProblem(const std::string& name) {
  if (name.empty()) return "a name is missing";
  if (name.size() > 100) return "a name may have 100 letters";
  if (isKeyword(name)) return fmt::format("'{}' is a word of the language; write '{}_'", name, name);
  if (!isName(name))
    return fmt::format("'{}' is no name; names are made of letters, digits and _, and begin with a letter", name);
  if (findFunction(name) || name == "math") return fmt::format("'{}' is a function; write '{}_'", name, name);
  return "";
}

namespace {

// A circle among variables that wait for each other: "a needs b, b needs a".
std::string circle(const std::map<std::string, std::vector<std::string>>& waiting, const std::string& start) {
  std::vector<std::string> way{start};
  for (;;) {
    const std::vector<std::string>& needs = waiting.at(way.back());
    const auto next =
        std::find_if(needs.begin(), needs.end(), [&](const std::string& n) { return waiting.contains(n); });
    const auto before = std::find(way.begin(), way.end(), *next);
    if (before == way.end()) {
      way.push_back(*next);
      continue;
    }
    way.erase(way.begin(), before);
    std::string text;
    for (size_t i = 0; i < way.size() && i < 5; ++i)
      text += fmt::format("{}{} needs {}", i == 0 ? "" : ", ", way[i], way[(i + 1) % way.size()]);
    return way.size() > 5 ? text + ", ..." : text;
  }
}

}  // namespace

Resolved resolveVariables(const std::vector<Definition>& definitions) {
  Resolved resolved;
  const auto fail = [&](size_t i, Span at, std::string message) {
    resolved.mistakes[i] = {at, positionOf(definitions[i].formula.value_or(""), at.begin), std::move(message)};
  };
  const auto whole = [&](size_t i) { return Span{0, definitions[i].formula.value_or("").size()}; };
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < definitions.size(); ++i) {
    if (std::string why = nameProblem(definitions[i].name); !why.empty())
      fail(i, whole(i), std::move(why));
    else if (!places.emplace(definitions[i].name, i).second)
      fail(i, whole(i), fmt::format("there are two variables '{}'; rename one", definitions[i].name));
  }
  // By need: what waits for nothing is next. Each is looked at once for each name that it needs.
  std::map<std::string, std::vector<std::string>> waiting, neededBy;
  std::map<std::string, size_t> open;
  std::vector<size_t> ready, last;  // last: those with unknown names, when all that could be meant is known
  for (const auto& [name, i] : places) {
    std::vector<std::string> needs =
        definitions[i].formula ? namesIn(*definitions[i].formula) : std::vector<std::string>{};
    const bool needsUnknown = std::erase_if(needs, [&](const std::string& n) { return !places.contains(n); }) > 0;
    for (const std::string& n : needs) neededBy[n].push_back(name);
    open[name] = needs.size();
    if (needs.empty())
      (needsUnknown ? last : ready).push_back(i);
    else
      waiting.emplace(name, std::move(needs));
  }
  std::set<std::string> faulty;
  while (!ready.empty() || !last.empty()) {
    if (ready.empty()) ready.push_back(last.back()), last.pop_back();
    const size_t i = ready.back();
    ready.pop_back();
    const Definition& d = definitions[i];
    waiting.erase(d.name);
    Evaluated result = d.formula ? evaluate(*d.formula, resolved.values) : Evaluated{d.value, std::nullopt};
    const std::vector<std::string> needs = d.formula ? namesIn(*d.formula) : std::vector<std::string>{};
    const auto bad = std::find_if(needs.begin(), needs.end(), [&](const std::string& n) { return faulty.contains(n); });
    if (bad != needs.end()) {
      fail(i, whole(i), fmt::format("'{}' has a mistake itself; repair it first", *bad));
    } else if (result.mistake) {
      fail(i, result.mistake->at, result.mistake->message);
    } else {
      resolved.values[d.name] = std::move(result.value);
    }
    if (resolved.mistakes.contains(i)) faulty.insert(d.name);
    for (const std::string& name : neededBy[d.name])
      if (--open[name] == 0) ready.push_back(places[name]);
  }
  for (const auto& [name, needs] : waiting)
    fail(places[name], whole(places[name]),
         fmt::format("variables need each other in a circle: {}; give one of them a value", circle(waiting, name)));
  return resolved;
}

}  // namespace netwright::language
