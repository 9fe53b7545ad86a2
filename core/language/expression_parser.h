// SPDX-License-Identifier: Apache-2.0
// The half of the parser that reads expressions. A recursive descent over tokens: after a mistake it stands at the end
// of the tokens, where every rule ends at once. Internal to the parser: syntax.h.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/syntax.h"
#include "core/language/tokens.h"

namespace netwright::language {

class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, Layout layout);
  Parsed alone();  // the whole text is one expression

 protected:
  // --- tokens
  const Token& now() const { return tokens_[at_]; }
  std::string_view word(const Token& t) const { return text_.substr(t.at.begin, t.at.end - t.at.begin); }
  bool is(TokenKind kind) const { return now().kind == kind; }
  bool is(std::string_view sign) const {
    return (is(TokenKind::Operator) || is(TokenKind::Keyword)) && word(now()) == sign;
  }
  void skip();
  bool take(std::string_view sign);
  void expect(std::string_view sign, std::string_view where);
  size_t lastEnd() const { return at_ == 0 ? 0 : tokens_[failed_ ? resume_ : at_ - 1].at.end; }
  std::string shown() const;  // the token at hand, for a sentence

  // --- nodes and mistakes
  NodeIndex fail(Span at, std::string message);
  NodeIndex unexpected();
  NodeIndex tooDeep(Span at);
  NodeIndex add(NodeKind kind, Span at, std::vector<NodeIndex> children = {}, std::string text = {});
  Span from(NodeIndex first) const { return {first == kNoNode ? 0 : result_.tree[first].at.begin, lastEnd()}; }

  // --- rules that statements need too
  NodeIndex expression();
  NodeIndex expressions();  // one, or a tuple without parentheses
  NodeIndex targets();      // a, or a, b, or (a, b)
  void checkTarget(NodeIndex index);
  bool ends() const;  // an expression may end before the token at hand

  std::string_view text_;
  std::vector<Token> tokens_;
  size_t at_ = 0, resume_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  Parsed result_;

 private:
  template <class Rule>
  NodeIndex deeper(Rule rule);
  // Weakest binding first.
  NodeIndex conditional();
  NodeIndex disjunction();
  NodeIndex conjunction();
  NodeIndex inversion();
  NodeIndex comparison();
  NodeIndex binary(size_t level);
  NodeIndex unary();
  NodeIndex power();
  NodeIndex postfix();
  NodeIndex atom();

  std::string comparator();
  void arguments(std::vector<NodeIndex>& children);
  NodeIndex item(bool generator);
  NodeIndex comprehension(NodeIndex value);
  NodeIndex subscripts();
  NodeIndex subscript();
  NodeIndex number();
  NodeIndex texts();
  NodeIndex parenthesised(Span at);
  NodeIndex list(Span at);
};

}  // namespace netwright::language
