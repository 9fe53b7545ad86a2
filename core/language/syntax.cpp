// SPDX-License-Identifier: Apache-2.0
// Statements. After a mistake in one the parser goes on with the next line.
#include "core/language/syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/language/expression_parser.h"

namespace netwright::language {
namespace {

// Why a keyword cannot begin a statement, and what to do instead.
std::string refusal(std::string_view word) {
  if (word == "while") return "'while' is not known here, because its length would depend on values; use a Loop node";
  if (word == "elif" || word == "else")
    return fmt::format("'{}' has no 'if' before it in a line as far to the left", word);
  if (word == "import" || word == "from")
    return fmt::format("'{}' is not needed here: functions are known by name", word);
  if (word == "def" || word == "class")
    return fmt::format("'{}' is not known here; make a block of what is used twice", word);
  return fmt::format("'{}' is not known here; statements are assignments, for, if and return", word);
}

class Parser : public ExpressionParser {
 public:
  explicit Parser(std::string_view text) : ExpressionParser(text, Layout::Code) {}

  Parsed code() {
    if (!result_.mistakes.empty()) return std::move(result_);
    for (result_.tree.root = statements(); !is(TokenKind::End); statements())
      skip();  // beyond what is wrongly indented
    if (!result_.mistakes.empty()) result_.tree.root = kNoNode;
    return std::move(result_);
  }

 private:
  NodeIndex statements() {  // until the block ends
    const size_t begin = now().at.begin;
    std::vector<NodeIndex> all;
    while (!is(TokenKind::End) && !is(TokenKind::Dedent)) {
      line(all);
      if (!std::exchange(failed_, false)) continue;
      at_ = resume_;
      recover();
    }
    if (!result_.mistakes.empty()) return kNoNode;
    return add(NodeKind::Block, {begin, lastEnd()}, std::move(all));
  }

  // After a mistake: to the next line, beyond what is indented below the one at fault.
  void recover() {
    for (int inside = 0; !is(TokenKind::End); skip()) {
      inside += is(TokenKind::Indent);
      if (is(TokenKind::Dedent) && --inside <= 0) {
        if (inside == 0) skip();
        return;
      }
      if (is(TokenKind::NewLine) && inside == 0 && tokens_[at_ + 1].kind != TokenKind::Indent) return skip();
    }
  }

  void line(std::vector<NodeIndex>& into) {
    if (is(TokenKind::Indent)) return void(unexpected());
    if (is("for")) return into.push_back(forLoop());
    if (is("if")) return into.push_back(ifElse());
    do {
      into.push_back(simple());
      if (failed_) return;
    } while (take(";") && !is(TokenKind::NewLine) && !is(TokenKind::End));
    if (is(TokenKind::NewLine)) return skip();
    if (!is(TokenKind::End)) unexpected();
  }

  NodeIndex simple() {
    const size_t begin = now().at.begin;
    if (take("pass")) return add(NodeKind::Pass, {begin, lastEnd()});
    if (take("return")) {
      const NodeIndex value = ends() ? kNoNode : expressions();
      return add(NodeKind::Return, {begin, lastEnd()}, {value});
    }
    static constexpr std::array<std::string_view, 6> kInExpressions{"not", "True", "False", "None", "lambda", "await"};
    if (is(TokenKind::Keyword) &&
        std::find(kInExpressions.begin(), kInExpressions.end(), word(now())) == kInExpressions.end())
      return fail(now().at, refusal(word(now())));
    std::vector<NodeIndex> all{expressions()};
    while (take("=")) {
      checkTarget(all.back());
      all.push_back(ends() && !is("=") ? fail(now().at, "after '=' a value is missing") : expressions());
    }
    if (failed_) return kNoNode;
    if (is(TokenKind::Operator) && word(now()).size() > 1 && word(now()).back() == '=' && !is(":=")) {
      const std::string_view op = word(now());
      return fail(now().at, fmt::format("'{}' would change a value in its place; write: name = name {} ...", op,
                                        op.substr(0, op.size() - 1)));
    }
    if (is(":")) return fail(now().at, "names have no types here; delete ':' and what follows up to '='");
    const NodeKind kind = all.size() == 1 ? NodeKind::Statement : NodeKind::Assign;
    const Span at = from(all.front());
    return add(kind, at, std::move(all));
  }

  NodeIndex forLoop() {
    const size_t begin = now().at.begin;
    take("for");
    const NodeIndex target = targets();
    expect("in", "after the name of the loop");
    const NodeIndex iterable = expressions();
    const NodeIndex body = block();
    if (!failed_ && is("else")) return fail(now().at, "a 'for' has no 'else' here");
    return add(NodeKind::For, {begin, lastEnd()}, {target, iterable, body});
  }

  NodeIndex ifElse() {
    const size_t begin = now().at.begin;
    skip();  // if or elif
    const NodeIndex test = expression();
    const NodeIndex body = block();
    NodeIndex otherwise = kNoNode;
    if (!failed_ && is("elif")) {
      if (depth_ >= kMaxDepth) return tooDeep(now().at);
      ++depth_;
      const size_t start = now().at.begin;
      const NodeIndex inner = ifElse();
      --depth_;
      otherwise = add(NodeKind::Block, {start, lastEnd()}, {inner});
    } else if (take("else")) {
      otherwise = block();
    }
    return add(NodeKind::If, {begin, lastEnd()}, {test, body, otherwise});
  }

  NodeIndex block() {
    expect(":", "at the end of the line");
    if (failed_) return kNoNode;
    const size_t begin = now().at.begin;
    if (!is(TokenKind::NewLine)) {
      std::vector<NodeIndex> all;
      if (is("for") || is("if")) return fail(now().at, "this belongs in a line of its own, indented");
      line(all);
      return add(NodeKind::Block, {begin, lastEnd()}, std::move(all));
    }
    skip();
    if (!is(TokenKind::Indent)) return fail(now().at, "after ':' an indented line belongs; begin it with four blanks");
    skip();
    const size_t before = result_.mistakes.size();
    const NodeIndex inner = statements();
    if (is(TokenKind::Dedent)) skip();
    return result_.mistakes.size() > before ? kNoNode : inner;
  }
};

}  // namespace

Parsed parseExpression(std::string_view text) { return ExpressionParser(text, Layout::Expression).alone(); }
Parsed parseCode(std::string_view text) { return Parser(text).code(); }

}  // namespace netwright::language
