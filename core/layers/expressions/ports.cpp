// SPDX-License-Identifier: Apache-2.0
#include "core/layers/expressions/ports.h"

#include <algorithm>

#include "core/language/functions.h"
#include "core/language/tokens.h"
#include "core/layers/expressions/functions.h"
#include "core/layers/expressions/weights.h"

namespace netwright::layers::expressions {
namespace {

using language::kNoNode;
using language::Node;
using language::NodeIndex;
using language::NodeKind;

bool isModule(const std::string& name) {
  return name == "torch" || name == "F" || name == "nn" || name == "math" || name == "self";
}

// Reads and settings in the order in which they happen in the text; a loop counts once.
class Ledger {
 public:
  explicit Ledger(const Attributes& names) : names_(names) {}

  void read(const std::string& name) {
    if (const auto known = set_.find(name); known != set_.end()) {
      unread_.erase(std::remove(unread_.begin(), unread_.end(), name), unread_.end());
      return;
    }
    if (isModule(name)) return;
    if (names_.contains(name)) {
      use.outer.insert(name);
    } else if (!local_.contains(name) && std::find(use.inputs.begin(), use.inputs.end(), name) == use.inputs.end()) {
      use.inputs.push_back(name);
    }
  }
  void set(const std::string& name) {
    set_.insert(name);
    unread_.erase(std::remove(unread_.begin(), unread_.end(), name), unread_.end());
    if (!name.starts_with("_")) unread_.push_back(name);
  }
  // Names of loops: set, but never outputs.
  void setLoop(const std::string& name) {
    set_.insert(name);
    unread_.erase(std::remove(unread_.begin(), unread_.end(), name), unread_.end());
  }
  bool isSet(const std::string& name) const { return set_.contains(name); }
  void enter(const std::set<std::string>& names) { local_.insert(names.begin(), names.end()); }
  void leave() { local_.clear(); }
  // A name that is set somewhere is no input, even where it is read before.
  void finish() {
    std::erase_if(use.inputs, [&](const std::string& n) { return set_.contains(n); });
  }
  const std::vector<std::string>& unread() const { return unread_; }

  Use use;

 private:
  const Attributes& names_;
  std::set<std::string> set_, local_;
  std::vector<std::string> unread_;
};

class Walk {
 public:
  Walk(const language::Tree& tree, const Attributes& names) : tree_(tree), ledger_(names) {}

  Use run() {
    const std::vector<NodeIndex>& lines = tree_[tree_.root].children;
    for (const NodeIndex line : lines) statement(line);
    NodeIndex last = lines.empty() ? kNoNode : lines.back();
    if (last != kNoNode && tree_[last].kind == NodeKind::Statement) returned_ = tree_[last].children[0];
    ledger_.finish();
    if (returned_ == kNoNode) {
      ledger_.use.outputs = ledger_.unread();
      ledger_.use.results.assign(ledger_.use.outputs.size(), kNoNode);
    } else {
      results();
    }
    return std::move(ledger_.use);
  }

 private:
  void results() {
    const Node& value = tree_[returned_];
    const bool several = value.kind == NodeKind::Tuple || value.kind == NodeKind::List;
    std::vector<NodeIndex> all = several ? value.children : std::vector<NodeIndex>{returned_};
    for (size_t i = 0; i < all.size(); ++i) {
      const Node& n = tree_[all[i]];
      std::string name = n.kind == NodeKind::Name ? n.text : all.size() == 1 ? "y" : "y" + std::to_string(i + 1);
      while (std::find(ledger_.use.outputs.begin(), ledger_.use.outputs.end(), name) != ledger_.use.outputs.end())
        name += "_";
      ledger_.use.outputs.push_back(std::move(name));
      ledger_.use.results.push_back(all[i]);
    }
  }

  void targets(NodeIndex index, bool loop) {
    const Node& n = tree_[index];
    if (n.kind == NodeKind::Name) loop ? ledger_.setLoop(n.text) : ledger_.set(n.text);
    if (n.kind == NodeKind::Tuple)
      for (const NodeIndex child : n.children) targets(child, loop);
  }

  void statement(NodeIndex index) {
    const Node& n = tree_[index];
    switch (n.kind) {
      case NodeKind::Block:
        for (const NodeIndex child : n.children) statement(child);
        return;
      case NodeKind::Assign:
        expression(n.children.back());
        for (size_t i = 0; i + 1 < n.children.size(); ++i) targets(n.children[i], false);
        return;
      case NodeKind::For:
        expression(n.children[1]);
        targets(n.children[0], true);
        return statement(n.children[2]);
      case NodeKind::If:
        expression(n.children[0]);
        for (const size_t i : {1, 2})
          if (n.children[i] != kNoNode) statement(n.children[i]);
        return;
      case NodeKind::Return:
        if (n.children[0] != kNoNode) expression(returned_ = n.children[0]);
        return;
      case NodeKind::Statement:
        return expression(n.children[0]);
      default:
        return;
    }
  }

  void expression(NodeIndex index) {
    const Node& n = tree_[index];
    if (n.kind == NodeKind::Name) return ledger_.read(n.text);
    if (n.kind == NodeKind::Comprehension) return comprehension(n);
    if (n.kind == NodeKind::Call) return call(n);
    for (const NodeIndex child : n.children)
      if (child != kNoNode) expression(child);
  }

  void comprehension(const Node& n) {
    expression(n.children[2]);
    std::set<std::string> names;
    const auto collect = [&](auto& self, NodeIndex at) -> void {
      if (tree_[at].kind == NodeKind::Name) names.insert(tree_[at].text);
      for (const NodeIndex child : tree_[at].children) self(self, child);
    };
    collect(collect, n.children[1]);
    ledger_.enter(names);
    for (const size_t i : {3, 0})
      if (n.children[i] != kNoNode) expression(n.children[i]);
    ledger_.leave();
  }

  void call(const Node& n) {
    const Node& function = tree_[n.children[0]];
    const bool named = function.kind == NodeKind::Name && !ledger_.isSet(function.text);
    if (!named) expression(n.children[0]);
    const bool isParam = named && function.text == "param";
    for (size_t i = 1; i < n.children.size(); ++i) {
      const Node& argument = tree_[n.children[i]];
      const bool start = isParam && argument.kind == NodeKind::Keyword && argument.text == "init";
      const NodeIndex value = start ? argument.children[0] : n.children[i];
      if (start && tree_[value].kind == NodeKind::Name && isStart(tree_[value].text)) continue;
      expression(value);
    }
  }

  const language::Tree& tree_;
  Ledger ledger_;
  NodeIndex returned_ = kNoNode;
};

}  // namespace

Use useOf(const language::Tree& tree, const Attributes& names) { return Walk(tree, names).run(); }

Use useOfWords(std::string_view code, const Attributes& names) {
  Ledger ledger(names);
  for (size_t start = 0; start < code.size();) {  // line by line: a bracket may still be open
    const std::string_view line = code.substr(start, std::min(code.find('\n', start), code.size()) - start);
    start += line.size() + 1;
    const std::vector<language::Token> tokens = language::tokenize(line, language::Layout::Expression).tokens;
    const auto word = [&](size_t i) { return line.substr(tokens[i].at.begin, tokens[i].at.end - tokens[i].at.begin); };
    std::vector<std::string> set;  // when the line ends
    for (size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].kind != language::TokenKind::Name) continue;
      const std::string_view before = i > 0 ? word(i - 1) : "", after = i + 1 < tokens.size() ? word(i + 1) : "";
      const std::string name(word(i));
      if (before == "." || after == "(" || isStart(name)) continue;
      const bool spaced = after == "=" && tokens[i].at.end < tokens[i + 1].at.begin;  // h = ..., not f(dim=1)
      if (before == "for")
        ledger.setLoop(name);
      else if (spaced)
        set.push_back(name);
      else if (after != "=")
        ledger.read(name);
    }
    for (const std::string& name : set) ledger.set(name);
  }
  ledger.finish();
  ledger.use.outputs = ledger.unread();
  if (ledger.use.outputs.empty()) ledger.use.outputs = {"y"};
  ledger.use.results.assign(ledger.use.outputs.size(), kNoNode);
  return std::move(ledger.use);
}

}  // namespace netwright::layers::expressions
