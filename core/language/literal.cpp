// SPDX-License-Identifier: Apache-2.0
#include "core/language/literal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace netwright::language {

std::variant<int64_t, double, Unreadable> readNumber(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '_');
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char c = static_cast<char>(digits[1] | 0x20);
    base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
  }
  const char* const begin = digits.data() + (base == 10 ? 0 : 2);
  const char* const end = digits.data() + digits.size();
  if (base == 10 && digits.find_first_of(".eE") != digits.npos) {
    double value = 0;
    if (std::from_chars(begin, end, value).ec == std::errc::result_out_of_range)  // 1e999 and 1e-999
      value = std::strtod(digits.c_str(), nullptr);
    return value;
  }
  int64_t value = 0;
  const auto [stop, error] = std::from_chars(begin, end, value, base);
  if (error == std::errc::result_out_of_range)
    return Unreadable{fmt::format("the whole number {} is too large (at most {}); write it with a point: {}.0", text,
                                  std::numeric_limits<int64_t>::max(), text)};
  if (error != std::errc{} || stop != end) return Unreadable{fmt::format("'{}' is no number in base {}", text, base)};
  if (base == 10 && value != 0 && digits[0] == '0')
    return Unreadable{fmt::format("the number {} begins with 0; write {}", text, value)};
  return value;
}

std::variant<std::string, Unreadable> readText(std::string_view quoted) {
  std::string value;
  for (size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] != '\\') {
      value += quoted[i];
      continue;
    }
    switch (quoted[++i]) {
      case 'n':
        value += '\n';
        break;
      case 't':
        value += '\t';
        break;
      case '\\':
      case '\'':
      case '"':
        value += quoted[i];
        break;
      default:
        return Unreadable{fmt::format("\\{} is no known escape; known are \\n, \\t, \\\\, \\' and \\\"", quoted[i])};
    }
  }
  return value;
}

}  // namespace netwright::language
