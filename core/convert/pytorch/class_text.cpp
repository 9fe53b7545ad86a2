// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/class_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "core/base/text.h"
#include "core/convert/name_table.h"
#include "core/convert/python/identifier.h"
#include "core/convert/pytorch/class_printer.h"
#include "core/convert/pytorch/module_row.h"
#include "core/language/scalar.h"

namespace netwright::convert::pytorch {
namespace {

constexpr size_t kByPlace = 2;  // more arguments of a block's constructor are given by name

bool startsName(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)); }
bool inName(char c) { return startsName(c) || isDigit(c); }

size_t endOf(const std::string& text, size_t from, bool (*belongs)(char)) {
  while (from < text.size() && belongs(text[from])) ++from;
  return from;
}

// Python's words for what a formula says: `each` is called with the names in it and says what stands for them. Nothing
// for a formula that may mean something else in Python, or has other names.
template <class Each>
std::optional<std::string> translated(const std::string& formula, const Each& each) {
  std::string out;
  for (size_t i = 0; i < formula.size();) {
    const char c = formula[i];
    if (startsName(c)) {
      const size_t end = endOf(formula, i, inName);
      const std::optional<std::string> word = each(formula.substr(i, end - i));
      if (!word) return std::nullopt;
      out += *word;
      i = end;
      continue;
    }
    const bool halves = c == '/' && formula.substr(i, 2) == "//";
    if (!halves && !isDigit(c) && std::string_view(" +-*%(),").find(c) == std::string_view::npos) return std::nullopt;
    out += halves ? "//" : std::string(1, c);
    i += halves ? 2 : 1;
  }
  return out;
}

// What a value is called in Python.
struct Words {
  std::string operator()(None) const { return "None"; }
  std::string operator()(Auto) const { return "None"; }
  std::string operator()(bool v) const { return v ? "True" : "False"; }
  std::string operator()(int64_t v) const { return std::to_string(v); }
  std::string operator()(double v) const { return number(v); }
  std::string operator()(const std::string& v) const { return python::quoted(v); }
  std::string operator()(const Formula& v) const { return v.text; }
  template <class T>
  std::string operator()(const std::vector<T>& list) const {
    std::vector<std::string> items;
    for (const T& v : list) items.push_back((*this)(v));
    return fmt::format("({}{})", joined(items, ", "), items.size() == 1 ? "," : "");
  }
};

using Parts = std::vector<const std::vector<Line>*>;
Parts partsOf(const ClassText& text) { return {&text.init, &text.modes, &text.forward}; }

// All but the constants.
std::string skeleton(const ClassText& text) {
  std::string all = text.base + "\n" + text.head + "\n";
  for (const auto* part : partsOf(text)) {
    for (const Line& line : *part) {
      all += std::to_string(line.indent);
      for (const auto& p : line.parts) {
        const auto* constant = std::get_if<Constant>(&p);
        all += constant ? "\x01" + constant->label + "\x02" : std::get<std::string>(p);
      }
      all += "\n";
    }
    all += "\x03";
  }
  return all;
}

// One class of several members.
class Merge {
 public:
  Merge(const std::vector<Member>& all, std::vector<size_t> members, const std::set<std::string>& globals)
      : all_(all), out_{std::move(members), {}, ""} {
    for (const std::string& name : globals) names_.take(name);
    for (const size_t m : out_.members) {
      std::vector<const Constant*> constants;
      const Parts parts = partsOf(all_[m].text);
      for (const auto* part : parts)
        for (const Line& line : *part)
          for (const auto& p : line.parts)
            if (const auto* c = std::get_if<Constant>(&p)) {
              if (columns_.size() == constants.size()) columns_.push_back({c, part == parts.back(), {}, {}});
              columns_[constants.size()].values.push_back(c->value);
              if (!c->spare) columns_[constants.size()].spare = false;
              constants.push_back(c);
            }
      for (const std::string& name : all_[m].text.taken) taken_.insert(name);
    }
    for (const std::string& name : taken_) names_.take(name);
  }

  MergedClass merge(const std::string& doc) {
    for (Column& c : columns_)
      if (!c.spare && !c.constant->formula.empty() && !c.constant->value.starts_with("torch.") &&
          translated(
              c.constant->formula,
              [&](const std::string& name) { return valuesOf(name).empty() ? std::nullopt : std::optional(name); }) &&
          agrees(c))
        c.expression = shortest(c);
    for (Column& c : columns_)
      if (!c.spare && c.expression.empty() && (c.differs() || c.constant->inferred)) c.expression = known(c);
    nameOthers();
    return written(doc);
  }

 private:
  struct Column {
    const Constant* constant;  // of the first member
    bool inForward = false;
    std::vector<std::string> values;  // of each member
    std::string expression;           // over the block's parameters, or the name of one of its own; empty: the value
    bool spare = true;
    bool own = false;  // the expression is a parameter that the block has not exposed
    bool differs() const {
      return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) != values.end();
    }
  };

  // Of one of the block's parameters; empty if it has no such one.
  std::vector<std::string> valuesOf(const std::string& exposed) const {
    std::vector<std::string> values;
    for (const size_t m : out_.members)
      for (const auto& [name, value] : all_[m].exposed)
        if (name == exposed) values.push_back(pythonText(value));
    return values;
  }

  // Its formula, over the block's parameters alone, is worth what is printed.
  bool agrees(const Column& c) const {
    for (size_t i = 0; i < out_.members.size(); ++i) {
      const auto& exposed = all_[out_.members[i]].exposed;
      const language::Evaluated made = language::evaluate(c.constant->formula, {exposed.begin(), exposed.end()});
      if (!made.ok()) return false;
      const auto* list = std::get_if<std::vector<int64_t>>(&made.value);
      const bool alike = list && !list->empty() &&
                         std::adjacent_find(list->begin(), list->end(), std::not_equal_to<>()) == list->end();
      if (pythonText(made.value) != c.values[i] && !(alike && std::to_string(list->front()) == c.values[i]))
        return false;
    }
    return true;
  }

  // The formula, or a name in it that is worth the same: stride for (stride, stride).
  std::string shortest(const Column& c) const {
    std::string name;
    translated(c.constant->formula, [&](const std::string& word) {
      if (valuesOf(word) == c.values) name = word;
      return std::optional(word);
    });
    return name.empty() ? c.constant->formula : name;
  }

  // Counts, strides and the like: that a size equals one of them means nothing.
  static bool isSize(const std::string& name) {
    static const std::set<std::string> kNone{"dilation",   "groups",         "kernel_size", "nhead", "num_heads",
                                             "num_layers", "output_padding", "padding",     "stride"};
    return !kNone.contains(name);
  }

  // What the block's parameters make of it elsewhere.
  std::string known(const Column& c) const {
    for (const Column& other : columns_)
      if (!other.expression.empty() && other.values == c.values && (c.differs() || isSize(other.constant->name)))
        return other.expression;
    if (c.differs())
      for (const auto& [name, value] : all_[out_.members.front()].exposed)
        if (valuesOf(name) == c.values) return name;
    return "";
  }

  // What differs still: parameters of the class's own, one for equal sizes.
  void nameOthers() {
    std::map<std::pair<std::string, std::vector<std::string>>, std::vector<Column*>> groups;
    std::map<std::string, int> wanted;
    std::vector<std::vector<Column*>*> order;
    for (Column& c : columns_) {
      if (c.spare || !c.expression.empty() || !c.differs()) continue;
      auto& group = groups[{c.constant->inferred ? "" : c.constant->name, c.values}];
      if (group.empty()) {
        order.push_back(&group);
        ++wanted[c.constant->name];
      }
      group.push_back(&c);
    }
    for (const auto* group : order) {
      const Constant& first = *group->front()->constant;
      const bool clear = wanted[first.name] == 1 && valuesOf(first.name).empty();
      const std::string name = names_.take(python::identifier(clear ? first.name : first.node + "_" + first.name));
      for (Column* c : *group) {
        c->expression = name;
        c->own = true;
      }
    }
  }

  // The class's parameter behind a name in an expression.
  Parameter& parameter(const Column& c, const std::string& word) {
    for (Parameter& p : out_.parameters)
      if (c.own ? p.exposed.empty() && p.name == word : p.exposed == word) return p;
    return out_.parameters.emplace_back(c.own ? Parameter{word, "", c.values}
                                              : Parameter{names_.take(python::identifier(word)), word, valuesOf(word)});
  }

  // `self`: parameters are read there, where __init__ has put them.
  std::string expressionOf(const Column& c, bool self) {
    const std::string words = *translated(c.expression, [&](const std::string& word) {
      const std::string name = parameter(c, word).name;
      if (!self) return std::optional(name);
      const std::string attribute = python::attributeName(name);
      if (kept_.emplace(name, attribute).second) keeping_.push_back(fmt::format("self.{} = {}", attribute, name));
      return std::optional("self." + attribute);
    });
    return self && !std::all_of(c.expression.begin(), c.expression.end(), inName) ? "(" + words + ")" : words;
  }

  MergedClass written(const std::string& doc) {
    std::vector<std::optional<std::string>> said;
    for (const Column& c : columns_)
      said.push_back(c.spare ? std::nullopt
                             : std::optional(c.expression.empty() ? c.values.front() : expressionOf(c, c.inForward)));
    std::map<const Line*, size_t> places;
    std::vector<std::vector<const Line*>> lines;  // of each member
    for (const size_t m : out_.members) {
      lines.emplace_back();
      for (const auto* part : partsOf(all_[m].text))
        for (const Line& line : *part) lines.back().push_back(&line);
    }
    for (size_t i = 0; i < lines.front().size(); ++i) places[lines.front()[i]] = i;
    std::vector<std::string> parameters;
    for (const Parameter& p : out_.parameters) parameters.push_back(p.name);
    size_t next = 0;
    out_.body = printed(
        all_[out_.members.front()].text, doc, parameters, keeping_, [&](const Constant&) { return said[next++]; },
        [&](const Line& line) {
          const size_t place = places.at(&line);
          const bool alike = std::all_of(lines.begin(), lines.end(),
                                         [&](const auto& member) { return member[place]->comment == line.comment; });
          return alike ? line.comment : "";
        });
    return std::move(out_);
  }

  const std::vector<Member>& all_;
  MergedClass out_;
  std::vector<Column> columns_;
  NameTable names_;
  std::set<std::string> taken_;
  std::map<std::string, std::string> kept_;  // attributes of self by parameter
  std::vector<std::string> keeping_;         // lines of __init__
};

}  // namespace

Line numbersMarked(const std::string& statement, const std::string& node) {
  Line line;
  std::string words, keyword;
  int depth = 0;
  const auto name = [](const std::string& path) { return python::identifier(path.substr(path.rfind('.') + 1)); };
  for (size_t i = 0; i < statement.size();) {
    const char c = statement[i];
    size_t end = i + 1;
    if (c == '"') {
      while (end < statement.size() && statement[end] != '"') end += statement[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, statement.size());
    } else if (startsName(c)) {
      end = endOf(statement, i, inName);
      if (end < statement.size() && statement[end] == '=') keyword = statement.substr(i, end - i);
    } else if (isDigit(c)) {
      end = endOf(statement, i, [](char d) { return inName(d) || d == '.'; });
      if (end + 1 < statement.size() && statement[end - 1] == 'e' && statement[end] == '-')  // 1e-05
        end = endOf(statement, end + 1, isDigit);
      line.add(std::move(words));
      words.clear();
      line.add({statement.substr(i, end - i), !keyword.empty() ? keyword : depth > 0 ? "size" : name(node), node});
      i = end;
      continue;
    } else if (c == '(' || c == ')') {
      keyword.clear();
      depth += c == '(' ? 1 : -1;
    }
    words += statement.substr(i, end - i);
    i = end;
  }
  if (!words.empty()) line.add(std::move(words));
  return line;
}

std::vector<MergedClass> merged(const std::vector<Member>& members, const std::string& doc,
                                const std::set<std::string>& globals) {
  std::map<std::string, size_t> bySkeleton;
  std::vector<std::vector<size_t>> groups;
  for (size_t m = 0; m < members.size(); ++m) {
    const auto [it, fresh] = bySkeleton.emplace(skeleton(members[m].text), groups.size());
    if (fresh) groups.emplace_back();
    groups[it->second].push_back(m);
  }
  std::vector<MergedClass> classes;
  for (std::vector<size_t>& group : groups) classes.push_back(Merge(members, std::move(group), globals).merge(doc));
  return classes;
}

Line arguments(const MergedClass& of, size_t member, const std::string& node,
               const std::map<std::string, std::string>& formulas) {
  const auto place = static_cast<size_t>(std::find(of.members.begin(), of.members.end(), member) - of.members.begin());
  Line line;
  for (const Parameter& p : of.parameters) {
    Constant c{p.values[place], p.exposed.empty() ? p.name : p.exposed, node};
    if (of.parameters.size() > kByPlace) c.label = p.name + "=";
    if (const auto formula = formulas.find(p.exposed); formula != formulas.end()) c.formula = formula->second;
    c.argument = true;
    c.inferred = p.exposed.empty();
    line.add(std::move(c));
  }
  return line;
}

std::string pythonText(const Attribute& value) { return std::visit(Words{}, value); }

}  // namespace netwright::convert::pytorch
