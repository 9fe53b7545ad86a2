// SPDX-License-Identifier: Apache-2.0
// Walks a syntax tree and computes what is known before anything runs: numbers, texts, lists, loops over them. Who
// derives from it adds names, and values of their own (Value's Thing) with their functions and operators.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/language/syntax.h"
#include "core/language/value.h"

namespace netwright::language {

struct Argument {
  std::string name;  // empty: by place
  Value value;
  NodeIndex at = kNoNode;
};

class Interpreter {
 public:
  // Both outlive it. The tree is one without mistakes.
  Interpreter(std::string_view text, const Tree& tree) : text_(text), tree_(tree) {}
  virtual ~Interpreter() = default;

  std::optional<Value> evaluate(NodeIndex expression);  // nullopt: mistakes() tells, or told before, why
  void run(NodeIndex block);
  const std::vector<Mistake>& mistakes() const { return mistakes_; }

 protected:
  // A name that no assignment has set; nullopt: unknown.
  virtual std::optional<Value> outer(const std::string& name) = 0;
  virtual std::vector<std::string> outerNames() const = 0;  // for proposals
  // `path` is "relu" or "torch.relu", where its first name is unknown to outer().
  virtual std::optional<Value> callFunction(const std::string& path, const std::vector<Argument>& arguments,
                                            NodeIndex at);
  virtual std::optional<Value> callMethod(const Value& object, const std::string& name,
                                          const std::vector<Argument>& arguments, NodeIndex at);
  virtual std::optional<Value> attribute(const Value& object, const std::string& name, NodeIndex at);
  // Operators with a Thing on one side at least; one operand for unary ones.
  virtual std::optional<Value> operate(const std::string& op, const std::vector<Value>& operands, NodeIndex at);
  virtual std::optional<Value> subscript(const Value& thing, NodeIndex at);  // `at` is the Subscript
  virtual std::optional<bool> decide(const Value& value, NodeIndex at);      // whether it counts as true
  virtual std::vector<std::string> functionNames() const;                    // for proposals
  virtual std::optional<Value> constant(const std::string& path);            // "math.pi"; after names; nullopt: none
  // What a name is to stand for; nullopt after a mistake.
  virtual std::optional<Value> assigned(const std::string& name, const Value& value, NodeIndex target);
  virtual void computed(const Value& value, NodeIndex statement);  // by a line that is an expression
  virtual void returned(const Value& value, NodeIndex at);

  std::nullopt_t fail(NodeIndex at, std::string message);
  std::nullopt_t failAt(Span at, std::string message);
  std::optional<Value> settle(NodeIndex at, Outcome outcome);  // its value; its problem is a mistake there
  std::string unknown(const std::string& kind, const std::string& name, const std::vector<std::string>& known) const;
  bool charge(size_t work, NodeIndex at);  // false: too much was done; told
  const Node& node(NodeIndex index) const { return tree_[index]; }
  std::optional<Range> range(NodeIndex slice);  // a Slice whose parts are whole numbers

  std::string_view text_;
  const Tree& tree_;
  std::map<std::string, Value> names_;  // as assigned so far
  std::set<std::string> faulty_;        // assigned by lines with mistakes: what needs them is not told again

 private:
  std::optional<Value> name(NodeIndex index);
  std::optional<Value> items(const std::vector<NodeIndex>& nodes, size_t first);
  std::optional<std::vector<Argument>> arguments(const Node& call);
  std::optional<Value> call(NodeIndex index);
  std::optional<Value> attributeOf(NodeIndex index);
  std::optional<Value> operation(NodeIndex index);
  std::optional<Value> comparison(NodeIndex index);
  std::optional<Value> itemsAt(NodeIndex index);
  std::optional<Value> comprehension(NodeIndex index);
  std::optional<std::string> path(NodeIndex index) const;
  bool assign(NodeIndex target, const Value& value);
  void spoil(NodeIndex targetOrBlock);
  void statement(NodeIndex index);
  void forLoop(NodeIndex index);
  bool isKnown(const std::string& name);

  std::vector<Mistake> mistakes_;
  size_t budget_ = 1'000'000;
  bool ended_ = false;  // by return, or by too much work
};

}  // namespace netwright::language
