// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace netwright::convert::cpp {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isWord(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || isDigit(c); }

// C++20's keywords and alternative tokens, what the standard library defines as macros, and the namespaces at hand.
const std::set<std::string>& reservedWords() {
  static const std::set<std::string> kWords = [] {
    std::set<std::string> words;
    std::string word;
    for (const char c : std::string(
             "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t "
             "class compl concept const consteval constexpr constinit const_cast continue co_await co_return co_yield "
             "decltype default delete do double dynamic_cast else enum explicit export extern false float for friend "
             "goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private "
             "protected public register reinterpret_cast requires return short signed sizeof static static_assert "
             "static_cast struct switch template this thread_local throw true try typedef typeid typename union "
             "unsigned using virtual void volatile wchar_t while xor xor_eq assert errno linux unix stdin stdout "
             "stderr NULL EOF INFINITY NAN std torch at c10 kernels main ")) {
      if (c != ' ') {
        word += c;
        continue;
      }
      words.insert(word);
      word.clear();
    }
    return words;
  }();
  return kWords;
}

// "?" so that no trigraph arises, octal for all that is not plain ASCII.
std::string escaped(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '?':
      return std::string("\\") + c;
    case '\n':
      return "\\n";
    default:
      return c >= ' ' && c < 127 ? std::string(1, c) : fmt::format("\\{:03o}", static_cast<unsigned char>(c));
  }
}

// Bytes of the UTF-8 sequence at `i`; 0 if it is none, or one that changes the direction of writing, hides or breaks
// lines (U+2000 to U+206F, U+0080 to U+009F).
size_t printableSequence(const std::string& text, size_t i) {
  const auto byte = [&](size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0; };
  const int lead = byte(i);
  const size_t length = lead >= 0xC2 && lead < 0xE0   ? 2
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xF0 && lead < 0xF5 ? 4
                                                      : 0;
  for (size_t k = 1; k < length; ++k)
    if ((byte(i + k) & 0xC0) != 0x80) return 0;
  if (lead == 0xC2 && byte(i + 1) < 0xA0) return 0;
  if (lead == 0xE2 && (byte(i + 1) == 0x80 || (byte(i + 1) == 0x81 && byte(i + 2) < 0xB0))) return 0;
  return length;
}

}  // namespace

bool isIdentifier(const std::string& name) {
  return !name.empty() && !isDigit(name[0]) && name[0] != '_' && name.find("__") == std::string::npos &&
         std::all_of(name.begin(), name.end(), isWord) && !reservedWords().contains(name);
}

std::string identifier(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const char next = isWord(c) ? c : '_';
    if (next != '_' || (!out.empty() && out.back() != '_')) out += next;  // "__" and a "_" first are reserved
  }
  if (out.empty() || isDigit(out[0])) out = "n" + out;
  return isIdentifier(out) ? out : out + (out.back() == '_' ? "x" : "_");
}

std::string stem(const std::string& name) {
  std::string lower;
  for (const char c : name) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  const bool named = std::any_of(lower.begin(), lower.end(), [](char c) { return isWord(c) && c != '_'; });
  std::string out = named ? identifier(lower) : "model";
  while (out.size() > 1 && out.back() == '_' && isIdentifier(out.substr(0, out.size() - 1))) out.pop_back();
  return out;
}

std::string comment(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    const size_t length = c >= ' ' && c < 127 ? 1 : printableSequence(text, i);
    if (length == 0 || c == '\\')
      out += c == '\\' ? '/' : '?';
    else if (c == '/' && !out.empty() && (out.back() == '*' || out.back() == '?'))
      out += " /";  // neither the end of a comment nor a trigraph
    else
      out += text.substr(i, length);
    i += std::max<size_t>(length, 1);
  }
  return out;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += escaped(c);
  return out + '"';
}

std::string real(double value) {
  if (std::isnan(value)) return "std::numeric_limits<double>::quiet_NaN()";
  if (std::isinf(value)) return std::string(value < 0 ? "-" : "") + "std::numeric_limits<double>::infinity()";
  const std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string realF(double value) {
  if (!std::isfinite(value)) return "static_cast<float>(" + real(value) + ")";
  const std::string text = fmt::format("{}", static_cast<float>(value));
  return (text.find_first_of(".e") == std::string::npos ? text + ".0" : text) + "F";
}

}  // namespace netwright::convert::cpp
