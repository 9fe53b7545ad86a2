// SPDX-License-Identifier: Apache-2.0
#include "core/language/expression_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/language/literal.h"

namespace netwright::language {
namespace {

struct Level {  // operators that bind equally, weakest first
  std::array<std::string_view, 5> operators;
};
constexpr std::array<Level, 6> kLevels{
    {{{"|"}}, {{"^"}}, {{"&"}}, {{"<<", ">>"}}, {{"+", "-"}}, {{"*", "/", "//", "%", "@"}}}};

}  // namespace

ExpressionParser::ExpressionParser(std::string_view text, Layout layout) : text_(text) {
  Tokens read = tokenize(text, layout);
  result_.mistakes = std::move(read.mistakes);
  for (const Token& t : read.tokens)
    if (t.kind != TokenKind::Comment) tokens_.push_back(t);
}

Parsed ExpressionParser::alone() {
  if (!result_.mistakes.empty()) return std::move(result_);
  if (is(TokenKind::End)) fail({0, text_.size()}, "here an expression is missing");
  result_.tree.root = expressions();
  if (!failed_ && !is(TokenKind::End)) unexpected();
  if (failed_) result_.tree.root = kNoNode;
  return std::move(result_);
}

void ExpressionParser::skip() {
  if (at_ + 1 < tokens_.size()) ++at_;
}

bool ExpressionParser::take(std::string_view sign) {
  if (!is(sign)) return false;
  skip();
  return true;
}

void ExpressionParser::expect(std::string_view sign, std::string_view where) {
  if (!failed_ && !take(sign)) fail(now().at, fmt::format("'{}' is missing {}, before {}", sign, where, shown()));
}

std::string ExpressionParser::shown() const {  // the token at hand, for a sentence
  switch (now().kind) {
    case TokenKind::End:
      return "the end";
    case TokenKind::NewLine:
      return "the end of the line";
    case TokenKind::Indent:
    case TokenKind::Dedent:
      return "the change of indentation";
    default:
      return fmt::format("'{}'", word(now()).substr(0, 40));
  }
}

// --- nodes and mistakes
NodeIndex ExpressionParser::fail(Span at, std::string message) {
  if (failed_) return kNoNode;
  failed_ = true;
  if (at.begin == at.end) at.end = std::min(at.end + 1, text_.size());
  if (at.begin == at.end && at.begin > 0) --at.begin;
  if (result_.mistakes.size() < 20) result_.mistakes.push_back({at, positionOf(text_, at.begin), std::move(message)});
  resume_ = at_;
  at_ = tokens_.size() - 1;
  return kNoNode;
}

NodeIndex ExpressionParser::unexpected() {
  if (is("=")) return fail(now().at, "'=' sets a name and cannot be inside an expression; compare with '=='");
  if (is(":=")) return fail(now().at, "':=' is not known here; set the name in a line of its own");
  if (is("lambda")) return fail(now().at, "'lambda' is not known here; write what it computes where it is used");
  if (is("{")) return fail(now().at, "dictionaries and sets are not known here; use a list: [1, 2]");
  if ((is("&") || is("|")) && at_ > 0 && word(tokens_[at_ - 1]) == word(now()))
    return fail(now().at, "write 'and' for && and 'or' for ||");
  if (is(TokenKind::Indent))
    return fail(now().at, "this line is indented without need; begin it where the one before begins");
  return fail(now().at, fmt::format("{} cannot be here", shown()));
}

NodeIndex ExpressionParser::add(NodeKind kind, Span at, std::vector<NodeIndex> children, std::string text) {
  if (failed_) return kNoNode;
  Node node{kind, at, std::move(text), 0, 0, std::move(children), 1};
  for (const NodeIndex child : node.children)
    if (child != kNoNode) node.depth = std::max(node.depth, result_.tree[child].depth + 1);
  if (node.depth > kMaxDepth) return tooDeep(at);
  result_.tree.nodes.push_back(std::move(node));
  return static_cast<NodeIndex>(result_.tree.nodes.size() - 1);
}
NodeIndex ExpressionParser::tooDeep(Span at) {
  return fail(at, fmt::format("this is nested more than {} levels deep; give parts of it names", kMaxDepth));
}
// --- expressions, weakest binding first
template <class Rule>
NodeIndex ExpressionParser::deeper(Rule rule) {
  if (depth_ >= kMaxDepth) return tooDeep(now().at);
  ++depth_;
  const NodeIndex index = rule();
  --depth_;
  return index;
}

NodeIndex ExpressionParser::expression() {
  return deeper([&] { return conditional(); });
}

NodeIndex ExpressionParser::conditional() {
  const NodeIndex value = disjunction();
  if (!take("if")) return value;
  const NodeIndex test = disjunction();
  if (!failed_ && !is("else"))
    return fail(now().at, fmt::format("'else' is missing before {}; write: a if test else b", shown()));
  take("else");
  const NodeIndex otherwise = expression();
  return add(NodeKind::Conditional, from(value), {test, value, otherwise});
}

NodeIndex ExpressionParser::disjunction() {
  NodeIndex left = conjunction();
  while (take("or")) {
    const NodeIndex right = conjunction();
    left = add(NodeKind::Or, from(left), {left, right});
  }
  return left;
}

NodeIndex ExpressionParser::conjunction() {
  NodeIndex left = inversion();
  while (take("and")) {
    const NodeIndex right = inversion();
    left = add(NodeKind::And, from(left), {left, right});
  }
  return left;
}

NodeIndex ExpressionParser::inversion() {
  const size_t begin = now().at.begin;
  if (!take("not")) return comparison();
  const NodeIndex operand = deeper([&] { return inversion(); });
  return add(NodeKind::Unary, {begin, lastEnd()}, {operand}, "not");
}

std::string ExpressionParser::comparator() {  // takes it; empty if there is none
  for (const std::string_view sign : {"<", "<=", ">", ">=", "==", "!=", "in"})
    if (take(sign)) return std::string(sign);
  if (take("is")) return take("not") ? "is not" : "is";
  if (is("not")) {
    skip();
    expect("in", "after 'not'");
    return "not in";
  }
  return {};
}

NodeIndex ExpressionParser::comparison() {
  const NodeIndex first = binary(0);
  std::vector<NodeIndex> children{first};
  for (std::string sign = comparator(); !sign.empty() && !failed_; sign = comparator()) {
    const NodeIndex operand = binary(0);
    children.push_back(add(NodeKind::Compared, from(operand), {operand}, sign));
  }
  return children.size() == 1 ? first : add(NodeKind::Comparison, from(first), std::move(children));
}

NodeIndex ExpressionParser::binary(size_t level) {
  if (level == kLevels.size()) return unary();
  NodeIndex left = binary(level + 1);
  while (is(TokenKind::Operator) && !failed_) {
    const auto& operators = kLevels[level].operators;
    const auto op = std::find(operators.begin(), operators.end(), word(now()));
    if (op == operators.end()) break;
    skip();
    const NodeIndex right = binary(level + 1);
    left = add(NodeKind::Binary, from(left), {left, right}, std::string(*op));
  }
  return left;
}

NodeIndex ExpressionParser::unary() {
  const size_t begin = now().at.begin;
  for (const std::string_view sign : {"-", "+", "~"})
    if (take(sign)) {
      const NodeIndex operand = deeper([&] { return unary(); });
      return add(NodeKind::Unary, {begin, lastEnd()}, {operand}, std::string(sign));
    }
  return power();
}

NodeIndex ExpressionParser::power() {
  const NodeIndex base = postfix();
  if (!take("**")) return base;
  const NodeIndex exponent = deeper([&] { return unary(); });
  return add(NodeKind::Binary, from(base), {base, exponent}, "**");
}

NodeIndex ExpressionParser::postfix() {
  NodeIndex object = atom();
  while (!failed_) {
    if (take(".")) {
      if (!is(TokenKind::Name)) return fail(now().at, fmt::format("after '.' a name belongs, not {}", shown()));
      const std::string name(word(now()));
      skip();
      object = add(NodeKind::Attribute, from(object), {object}, name);
    } else if (take("(")) {
      std::vector<NodeIndex> children{object};
      arguments(children);
      object = add(NodeKind::Call, from(object), std::move(children));
    } else if (take("[")) {
      const NodeIndex index = subscripts();
      expect("]", "after the index");
      object = add(NodeKind::Subscript, from(object), {object, index});
    } else {
      break;
    }
  }
  return object;
}

void ExpressionParser::arguments(std::vector<NodeIndex>& children) {
  bool named = false;
  while (!failed_ && !is(")")) {
    const size_t begin = now().at.begin;
    if (is(TokenKind::Name) && at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == TokenKind::Operator &&
        word(tokens_[at_ + 1]) == "=") {
      const std::string name(word(now()));
      for (const NodeIndex child : children)
        if (result_.tree[child].kind == NodeKind::Keyword && result_.tree[child].text == name)
          fail(now().at, fmt::format("'{}' is given twice; delete one", name));
      skip(), skip();
      const NodeIndex value = expression();
      children.push_back(add(NodeKind::Keyword, {begin, lastEnd()}, {value}, name));
      named = true;
    } else {
      if (is("**")) unexpected();
      const NodeIndex value = item(children.size() == 1);
      if (named && !failed_)
        fail(result_.tree[value].at, "this argument has no name but follows one that has; name it or put it before");
      children.push_back(value);
    }
    if (!take(",") && !failed_ && !is(")")) fail(now().at, fmt::format("',' or ')' is missing before {}", shown()));
  }
  expect(")", "after the arguments");
}

// One of a tuple, list or call: an expression, *tuple, or, where a generator may stand, `a for a in b`.
NodeIndex ExpressionParser::item(bool generator) {
  const size_t begin = now().at.begin;
  if (take("*")) {
    const NodeIndex value = expression();
    return add(NodeKind::Starred, {begin, lastEnd()}, {value});
  }
  const NodeIndex value = expression();
  return generator && is("for") ? comprehension(value) : value;
}

NodeIndex ExpressionParser::comprehension(NodeIndex value) {
  take("for");
  const NodeIndex target = targets();
  expect("in", "after the name of the loop");
  const NodeIndex iterable = disjunction();
  const NodeIndex condition = take("if") ? disjunction() : kNoNode;
  if (is("for")) fail(now().at, "one 'for' is all that a list may have; use lines with for");
  return add(NodeKind::Comprehension, from(value), {value, target, iterable, condition});
}

NodeIndex ExpressionParser::subscripts() {
  if (is("]")) return fail(now().at, "here an index is missing, such as [0] or [:, 1]");
  const size_t begin = now().at.begin;
  std::vector<NodeIndex> items{subscript()};
  bool comma = false;
  while (take(",")) {
    comma = true;
    if (is("]") || failed_) break;
    items.push_back(subscript());
  }
  return comma ? add(NodeKind::Tuple, {begin, lastEnd()}, std::move(items)) : items.front();
}

NodeIndex ExpressionParser::subscript() {
  const size_t begin = now().at.begin;
  const auto part = [&] { return is(":") || is("]") || is(",") ? kNoNode : expression(); };
  const NodeIndex start = part();
  if (!take(":")) return start == kNoNode ? unexpected() : start;
  const NodeIndex stop = part();
  const NodeIndex step = take(":") ? part() : kNoNode;
  return add(NodeKind::Slice, {begin, lastEnd()}, {start, stop, step});
}

// One expression, or a tuple without parentheses.
NodeIndex ExpressionParser::expressions() {
  const NodeIndex first = item(false);
  if (!is(",")) return first;
  std::vector<NodeIndex> items{first};
  while (take(",") && !ends()) items.push_back(item(false));
  return add(NodeKind::Tuple, from(first), std::move(items));
}
bool ExpressionParser::ends() const {
  return failed_ || is(TokenKind::NewLine) || is(TokenKind::End) || is("=") || is(":") || is(")") || is("]") || is(";");
}

NodeIndex ExpressionParser::atom() {
  const Span at = now().at;
  const std::string_view text = word(now());
  switch (now().kind) {
    case TokenKind::Name:
      skip();
      return add(NodeKind::Name, at, {}, std::string(text));
    case TokenKind::Number:
      return number();
    case TokenKind::Text:
      return texts();
    case TokenKind::Keyword:
      for (const auto& [name, kind] :
           {std::pair{"True", NodeKind::True}, {"False", NodeKind::False}, {"None", NodeKind::None}})
        if (take(name)) return add(kind, at);
      return unexpected();
    case TokenKind::Operator:
      if (take("...")) return add(NodeKind::Ellipsis, at);
      if (take("(")) return parenthesised(at);
      if (take("[")) return list(at);
      return unexpected();
    default:
      return fail(at, fmt::format("here an expression is missing, before {}", shown()));
  }
}

NodeIndex ExpressionParser::number() {
  const Span at = now().at;
  const auto value = readNumber(word(now()));
  if (const auto* wrong = std::get_if<Unreadable>(&value)) return fail(at, wrong->why);
  skip();
  const auto* whole = std::get_if<int64_t>(&value);
  const NodeIndex index = add(whole ? NodeKind::Whole : NodeKind::Real, at);
  if (failed_) return kNoNode;
  if (whole)
    result_.tree.nodes[index].whole = *whole;
  else
    result_.tree.nodes[index].real = std::get<double>(value);
  return index;
}

NodeIndex ExpressionParser::texts() {  // those beside each other are one
  const size_t begin = now().at.begin;
  std::string all;
  for (; is(TokenKind::Text); skip()) {
    auto value = readText(word(now()));
    if (const auto* wrong = std::get_if<Unreadable>(&value)) return fail(now().at, wrong->why);
    all += std::get<std::string>(value);
  }
  return add(NodeKind::Text, {begin, lastEnd()}, {}, std::move(all));
}

NodeIndex ExpressionParser::parenthesised(Span at) {
  if (take(")")) return add(NodeKind::Tuple, {at.begin, lastEnd()});
  const NodeIndex inner = item(true);
  if (!is(",")) {
    expect(")", "after what is in parentheses");
    if (!failed_) result_.tree.nodes[inner].at = {at.begin, lastEnd()};
    return inner;
  }
  std::vector<NodeIndex> items{inner};
  while (take(",") && !is(")") && !failed_) items.push_back(item(false));
  expect(")", "after what is in parentheses");
  return add(NodeKind::Tuple, {at.begin, lastEnd()}, std::move(items));
}

NodeIndex ExpressionParser::list(Span at) {
  std::vector<NodeIndex> items;
  while (!failed_ && !is("]")) {
    items.push_back(item(items.empty()));
    if (!take(",")) break;
  }
  expect("]", "after the list");
  if (!failed_ && items.size() == 1 && result_.tree[items.front()].kind == NodeKind::Comprehension) {
    result_.tree.nodes[items.front()].at = {at.begin, lastEnd()};
    return items.front();
  }
  return add(NodeKind::List, {at.begin, lastEnd()}, std::move(items));
}

void ExpressionParser::checkTarget(NodeIndex index) {
  if (failed_) return;
  const Node& target = result_.tree[index];
  if (target.kind == NodeKind::Tuple || target.kind == NodeKind::List) {
    if (target.children.empty()) fail(target.at, "left of '=' a name is missing");
    for (const NodeIndex child : target.children) checkTarget(child);
    if (!failed_) result_.tree.nodes[index].kind = NodeKind::Tuple;
  } else if (target.kind == NodeKind::Subscript || target.kind == NodeKind::Attribute) {
    fail(target.at, "a part of a value cannot be set; make a new value, as with where(condition, a, b) or cat([a, b])");
  } else if (target.kind != NodeKind::Name) {
    fail(target.at, "left of '=' a name belongs");
  }
}

NodeIndex ExpressionParser::targets() {  // a, or a, b, or (a, b)
  std::vector<NodeIndex> names{postfix()};
  bool several = false;
  while (take(",") && !is("in")) names.push_back(postfix()), several = true;
  const NodeIndex target = several ? add(NodeKind::Tuple, from(names.front()), names) : names.front();
  checkTarget(target);
  return target;
}

}  // namespace netwright::language
