// SPDX-License-Identifier: Apache-2.0
// Python's words and signs. Used by the parser, and by the editor for its colours: it never gives up, what is no token
// is a mistake and skipped.
#pragma once

#include <cstdint>
#include <vector>

#include "core/language/source.h"

namespace netwright::language {

enum class TokenKind : uint8_t { Name, Keyword, Number, Text, Operator, Comment, NewLine, Indent, Dedent, End };
struct Token {
  TokenKind kind = TokenKind::End;
  Span at;
  bool operator==(const Token&) const = default;
};

// Code: line ends and indentation are tokens, except inside brackets. Expression: they are blanks.
enum class Layout : uint8_t { Code, Expression };

struct Tokens {
  std::vector<Token> tokens;  // the last is End
  std::vector<Mistake> mistakes;
};
Tokens tokenize(std::string_view text, Layout layout);

bool isKeyword(std::string_view word);  // of Python, those that mean nothing here too
bool isName(std::string_view word);     // letters, digits and _, not a digit first, no keyword

}  // namespace netwright::language
