// SPDX-License-Identifier: Apache-2.0
#include "core/graph/formula.h"

#include <algorithm>
#include <cctype>

#include "core/language/scalar.h"

namespace netwright::graph {
namespace {

bool isLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80); }
bool isWord(char c) { return isLetter(c) || std::isdigit(static_cast<unsigned char>(c)); }

// The end of the text in quotes that begins here.
size_t quotesEnd(const std::string& text, size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote; ++at)
    if (text[at] == '\\') ++at;
  return std::min(at + 1, text.size());
}

bool isKeyword(const std::string& text, size_t end) {  // f(dim=1), not a == b
  const size_t next = text.find_first_not_of(' ', end);
  return next != std::string::npos && text[next] == '=' && (next + 1 >= text.size() || text[next + 1] != '=');
}

}  // namespace

std::string replacedNames(const std::string& formula,
                          const std::function<std::optional<std::string>(const std::string&)>& replacement) {
  std::string out;
  for (size_t at = 0; at < formula.size();) {
    size_t end = at + 1;
    if (formula[at] == '"' || formula[at] == '\'')
      end = quotesEnd(formula, at);
    else if (isWord(formula[at]))
      while (end < formula.size() && isWord(formula[end])) ++end;
    std::string piece = formula.substr(at, end - at);
    const bool attribute = at > 0 && formula[at - 1] == '.';
    if (isLetter(formula[at]) && !attribute && !isKeyword(formula, end))
      if (auto other = replacement(piece)) piece = std::move(*other);
    out += piece;
    at = end;
  }
  return out;
}

bool assigns(const std::string& code, const std::string& name) {
  size_t start = 0;
  while (start < code.size()) {
    const size_t end = std::min(code.find('\n', start), code.size());
    const std::string line = code.substr(start, end - start);
    size_t sign = 0;  // of an assignment: = outside of brackets, and no part of ==, <= and so on
    int depth = 0;
    for (; sign < line.size(); ++sign) {
      const char c = line[sign];
      if (c == '"' || c == '\'') {
        sign = quotesEnd(line, sign) - 1;
        continue;
      }
      depth += (c == '(' || c == '[') - (c == ')' || c == ']');
      const char before = sign > 0 ? line[sign - 1] : ' ', after = sign + 1 < line.size() ? line[sign + 1] : ' ';
      if (c == '=' && depth == 0 && after != '=' && std::string("=<>!").find(before) == std::string::npos) break;
    }
    std::string targets = sign < line.size() ? line.substr(0, sign) : "";
    const size_t first = line.find_first_not_of(' ');
    if (first != std::string::npos && line.compare(first, 4, "for ") == 0) targets = line.substr(0, line.find(" in "));
    bool found = false;
    replacedNames(targets, [&](const std::string& word) {
      found = found || word == name;
      return std::optional<std::string>();
    });
    if (found) return true;
    start = end + 1;
  }
  return false;
}

std::string sourceText(const Attribute& value) {
  if (const auto* formula = std::get_if<Formula>(&value)) return formula->text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "True" : "False";
  if (std::holds_alternative<None>(value)) return "None";
  const auto* text = std::get_if<std::string>(&value);
  if (!text) return toText(value);
  std::string quoted = "\"";
  for (const char c : *text)
    if (c == '\n')
      quoted += "\\n";
    else
      quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return quoted + "\"";
}

Attribute valueFromSource(const std::string& typed, const Attributes& names) {
  const size_t first = typed.find_first_not_of(" \t"), last = typed.find_last_not_of(" \t");
  const std::string text = first == std::string::npos ? "" : typed.substr(first, last - first + 1);
  if (!text.empty() && text[0] == '=')
    return Formula{text.substr(std::min(text.find_first_not_of(" =", 1), text.size()))};
  if (text == "true" || text == "false") return text == "true";
  if (const auto result = language::evaluate(text, {}); result.ok()) return result.value;
  const bool word = !text.empty() && isLetter(text[0]) && std::all_of(text.begin(), text.end(), isWord);
  if (word && !names.contains(text)) return text;
  return Formula{text};
}

}  // namespace netwright::graph
