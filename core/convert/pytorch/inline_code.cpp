// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/inline_code.h"

#include <cctype>

namespace netwright::convert::pytorch {
namespace {

constexpr size_t kMostLines = 3;  // longer code is better read by itself

bool startsName(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool inName(char c) { return startsName(c) || std::isdigit(static_cast<unsigned char>(c)); }

// Calls `each` with every token: a name, a text in quotes, or one other character; and how many brackets are open.
template <class Each>
void tokens(const std::string& text, const Each& each) {
  int depth = 0;
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    const char c = text[i];
    if (c == '"' || c == '\'') {
      while (end < text.size() && text[end] != c) end += text[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, text.size());
    } else if (inName(c)) {
      while (end < text.size() && inName(text[end])) ++end;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    each(i, end, depth);
    i = end;
  }
}

// "a, b" -> a, b; nothing for what is no list of names.
std::optional<std::vector<std::string>> namesOf(const std::string& text) {
  std::vector<std::string> names(1);
  for (const char c : text)
    if (c == ',')
      names.emplace_back();
    else if (inName(c))
      names.back() += c;
    else if (c != ' ')
      return std::nullopt;
  for (const std::string& name : names)
    if (name.empty() || !startsName(name[0])) return std::nullopt;
  return names;
}

std::optional<Assignment> assignment(const std::string& line) {
  const size_t sign = line.find(" = ");
  const auto targets = sign == std::string::npos ? std::nullopt : namesOf(line.substr(0, sign));
  if (!targets) return std::nullopt;
  Assignment made{*targets, line.substr(sign + 3)};
  bool plain = true;
  int open = 0;
  tokens(made.right, [&](size_t from, size_t end, int depth) {
    const std::string word = made.right.substr(from, end - from);
    plain = plain && word != "for" && word != "#";
    open = depth;
  });
  return plain && open == 0 ? std::optional(made) : std::nullopt;
}

}  // namespace

std::optional<std::vector<Assignment>> assignments(std::vector<std::string> lines) {
  constexpr std::string_view kReturn = "return ";
  if (lines.empty() || !lines.back().starts_with(kReturn) || !namesOf(lines.back().substr(kReturn.size())))
    return std::nullopt;
  lines.pop_back();
  if (lines.empty() || lines.size() > kMostLines) return std::nullopt;
  std::vector<Assignment> all;
  for (const std::string& line : lines) {
    const auto made = assignment(line);
    if (!made) return std::nullopt;
    all.push_back(*made);
  }
  return all;
}

std::string renamed(const std::string& expression, const std::map<std::string, std::string>& names) {
  std::string out;
  tokens(expression, [&](size_t from, size_t end, int depth) {
    const std::string word = expression.substr(from, end - from);
    const auto name = names.find(word);
    const bool attribute = from > 0 && expression[from - 1] == '.';
    const bool keyword = depth > 0 && expression.substr(end, 1) == "=" && expression.substr(end, 2) != "==";
    out += name == names.end() || attribute || keyword ? word : name->second;
  });
  return out;
}

}  // namespace netwright::convert::pytorch
