// SPDX-License-Identifier: Apache-2.0
#include "core/language/tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace netwright::language {
namespace {

constexpr std::array<std::string_view, 35> kKeywords{
    "False",  "None",     "True", "and",    "as",   "assert", "async",   "await",  "break", "class",  "continue", "def",
    "del",    "elif",     "else", "except", "for",  "from",   "finally", "global", "if",    "import", "in",       "is",
    "lambda", "nonlocal", "not",  "or",     "pass", "raise",  "return",  "try",    "while", "with",   "yield"};

// Longest first.
constexpr std::array<std::string_view, 47> kOperators{
    "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", ":=", "+=",
    "-=",  "*=",  "/=",  "%=",  "@=",  "&=", "|=", "^=", "+",  "-",  "*",  "/",  "%",  "@",  "&",  "|",
    "^",   "~",   "<",   ">",   "(",   ")",  "[",  "]",  "{",  "}",  ",",  ":",  ".",  ";",  "="};

// What documents and chats make of plain signs.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kLookalikes{{{"−", "-"},
                                                                                     {"–", "-"},
                                                                                     {"×", "*"},
                                                                                     {"·", "*"},
                                                                                     {"÷", "/"},
                                                                                     {"≤", "<="},
                                                                                     {"≥", ">="},
                                                                                     {"“", "\""},
                                                                                     {"”", "\""},
                                                                                     {"‘", "'"},
                                                                                     {"’", "'"}}};

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isWordChar(char c) { return isLetter(c) || isDigit(c); }

class Lexer {
 public:
  Lexer(std::string_view text, Layout layout) : text_(text), lines_(layout == Layout::Code) {}

  Tokens run() {
    if (text_.size() > kMaxText) {
      fail({0, 1},
           fmt::format("the text has {} bytes, more than the {} that one may have; divide it", text_.size(), kMaxText));
    } else {
      if (lines_) indentation();
      while (at_ < text_.size()) token();
      if (!open_.empty())
        fail({open_.back(), open_.back() + 1}, fmt::format("'{}' is never closed", text_[open_.back()]));
    }
    if (lines_ && inLine_) add(TokenKind::NewLine, text_.size());
    for (; indents_.size() > 1; indents_.pop_back()) add(TokenKind::Dedent, at_);
    add(TokenKind::End, at_);
    return std::move(result_);
  }

 private:
  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool starts(std::string_view word) const { return text_.substr(at_).starts_with(word); }
  void add(TokenKind kind, size_t begin) { result_.tokens.push_back({kind, {begin, at_}}); }
  void fail(Span at, std::string message) {
    if (result_.mistakes.size() < 20) result_.mistakes.push_back({at, positionOf(text_, at.begin), std::move(message)});
  }

  void token() {
    const size_t begin = at_;
    const char c = text_[at_];
    if (c == '\n') {
      ++at_;
      if (!lines_ || !open_.empty()) return;
      if (std::exchange(inLine_, false)) result_.tokens.push_back({TokenKind::NewLine, {begin, at_}});
      indentation();
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
      at_ += peek(1) == '\n' ? 2 : 3;
    } else if (c == '#') {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      add(TokenKind::Comment, begin);
    } else {
      inLine_ = true;
      if (isLetter(c))
        word(begin);
      else if (isDigit(c) || (c == '.' && isDigit(peek(1))))
        number(begin);
      else if (c == '"' || c == '\'')
        quoted(begin);
      else
        sign(begin);
    }
  }

  void word(size_t begin) {
    while (isWordChar(peek())) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if ((peek() == '"' || peek() == '\'') && word.size() <= 2 && word.find_first_not_of("rRbBfFuU") == word.npos)
      fail({begin, at_}, fmt::format("texts begin with a quote here; leave out '{}' before it", word));
    else
      add(isKeyword(word) ? TokenKind::Keyword : TokenKind::Name, begin);
  }

  void number(size_t begin) {
    if (peek() == '0' && std::string_view("xXoObB").find(peek(1)) != std::string_view::npos && peek(1) != '\0') {
      at_ += 2;
      while (isWordChar(peek())) ++at_;
    } else {
      const auto digits = [&] {
        while (isDigit(peek()) || (peek() == '_' && isDigit(peek(1)))) ++at_;
      };
      digits();
      if (peek() == '.') ++at_, digits();
      const size_t sign = peek(1) == '+' || peek(1) == '-';
      if ((peek() == 'e' || peek() == 'E') && isDigit(peek(1 + sign))) at_ += 1 + sign, digits();
    }
    const size_t end = at_;
    while (isWordChar(peek())) ++at_;
    const std::string_view all = text_.substr(begin, at_ - begin);
    if (at_ == end)
      add(TokenKind::Number, begin);
    else if (all.back() == 'j' || all.back() == 'J')
      fail({begin, at_}, fmt::format("'{}' is a complex number, which nothing here computes with", all));
    else
      fail({begin, at_}, fmt::format("'{}' is neither a number nor a name; put a sign between '{}' and '{}'", all,
                                     all.substr(0, end - begin), all.substr(end - begin)));
  }

  void quoted(size_t begin) {
    const char quote = text_[at_++];
    if (peek() == quote && peek(1) == quote) {
      at_ += 2;
      const size_t close = text_.find(std::string(3, quote), at_);
      at_ = close == text_.npos ? text_.size() : close + 3;
      fail({begin, at_}, "texts of several lines are not known here; use # for a comment");
      return;
    }
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_, text_.size());
    if (peek() != quote)
      fail({begin, at_}, fmt::format("the text that begins here has no end; close it with {}", quote));
    else
      ++at_;
    add(TokenKind::Text, begin);
  }

  void sign(size_t begin) {
    for (const auto& [wrong, right] : kLookalikes)
      if (starts(wrong)) {
        at_ += wrong.size();
        return fail({begin, at_}, fmt::format("'{}' looks like {} but is another sign; type {}", wrong, right, right));
      }
    const auto op = std::find_if(kOperators.begin(), kOperators.end(), [&](std::string_view o) { return starts(o); });
    if (op == kOperators.end()) return unknown(begin);
    at_ += op->size();
    const char c = op->size() == 1 ? op->front() : ' ';
    if (c == '(' || c == '[' || c == '{') open_.push_back(begin);
    if (c == ')' || c == ']' || c == '}') close(begin, c);
    add(TokenKind::Operator, begin);
  }

  void unknown(size_t begin) {
    for (++at_; (static_cast<unsigned char>(peek()) & 0xC0) == 0x80; ++at_) {
    }
    const std::string_view sign = text_.substr(begin, at_ - begin);
    const auto code = static_cast<unsigned char>(sign.front());
    if (code < 0x20 || code == 0x7F)
      fail({begin, at_}, fmt::format("here is an invisible sign (number {}); delete it", code));
    else if (code >= 0x80)
      fail({begin, at_},
           fmt::format("'{}' means nothing here; names are made of the letters a to z, digits and _", sign));
    else if (code == '!')
      fail({begin, at_}, "'!' means nothing here; write 'not'");
    else
      fail({begin, at_}, fmt::format("'{}' means nothing here; delete it", sign));
  }

  void close(size_t at, char c) {
    const char opening = c == ')' ? '(' : c == ']' ? '[' : '{';
    if (open_.empty()) return fail({at, at + 1}, fmt::format("'{}' closes nothing; delete it or open one before", c));
    if (const char was = text_[open_.back()]; was != opening)
      fail({at, at + 1}, fmt::format("'{}' cannot close '{}'; write {}", c, was,
                                     was == '('   ? ')'
                                     : was == '[' ? ']'
                                                  : '}'));
    open_.pop_back();
  }

  // At the start of a line: blank lines and comments have no indentation.
  void indentation() {
    const size_t begin = at_;
    for (size_t width = 0, alternative = 0;; ++at_) {  // a tab as 8 blanks and as one: both must tell the same
      const char c = peek();
      if (at_ >= text_.size() || c == '\n' || c == '\r' || c == '#') return;
      if (c == ' ') {
        ++width, ++alternative;
      } else if (c == '\t') {
        width = width / 8 * 8 + 8, ++alternative;
      } else if (c != '\f') {
        return indent(begin, width, alternative);
      }
    }
  }

  void indent(size_t begin, size_t width, size_t alternative) {
    const auto [last, lastAlternative] = indents_.back();
    if ((width > last) != (alternative > lastAlternative) || (width < last) != (alternative < lastAlternative))
      fail({begin, at_}, "this line mixes tabs and blanks otherwise than those before; use blanks");
    if (width > last) {
      if (indents_.size() > 50) return fail({begin, at_}, "more than 50 blocks inside each other; use fewer");
      indents_.emplace_back(width, alternative);
      add(TokenKind::Indent, begin);
    }
    for (; width < indents_.back().first; indents_.pop_back())
      result_.tokens.push_back({TokenKind::Dedent, {at_, at_}});
    if (width != indents_.back().first && width < last)
      fail({begin, at_}, "this line begins between two indentations; align it with a line before");
  }

  std::string_view text_;
  bool lines_, inLine_ = false;
  size_t at_ = 0;
  std::vector<size_t> open_;                                // offsets of brackets
  std::vector<std::pair<size_t, size_t>> indents_{{0, 0}};  // widths
  Tokens result_;
};

}  // namespace

bool isKeyword(std::string_view word) { return std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end(); }

bool isName(std::string_view word) {
  return !word.empty() && isLetter(word.front()) && std::all_of(word.begin(), word.end(), isWordChar) &&
         !isKeyword(word);
}

Tokens tokenize(std::string_view text, Layout layout) { return Lexer(text, layout).run(); }

}  // namespace netwright::language
