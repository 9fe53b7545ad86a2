// SPDX-License-Identifier: Apache-2.0
// What numbers and quoted texts stand for. Used by the parser.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace netwright::language {

struct Unreadable {
  std::string why;  // as a Mistake says it
};
// A number as the lexer finds it: 12, 1_000, 0xff, 1e-3, .5
std::variant<int64_t, double, Unreadable> readNumber(std::string_view text);
// A text with its quotes and escapes.
std::variant<std::string, Unreadable> readText(std::string_view quoted);

}  // namespace netwright::language
