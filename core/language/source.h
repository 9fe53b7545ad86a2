// SPDX-License-Identifier: Apache-2.0
// Places in what people type and what is wrong there. Used by everything that reads Python's grammar: parameter
// formulas, variables, expression nodes, and the editor that underlines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace netwright::language {

struct Span {  // bytes of the text: [begin, end)
  size_t begin = 0, end = 0;
  bool operator==(const Span&) const = default;
};
struct Position {  // as an editor counts: from 1, columns in characters
  int line = 1, column = 1;
  bool operator==(const Position&) const = default;
};
Position positionOf(std::string_view text, size_t offset);

// A user's mistake as a value: where, and a sentence without capital and full stop that names what is wrong and the
// repair ("unknown name 'hiden'; did you mean 'hidden'?").
struct Mistake {
  Span at;
  Position position;
  std::string message;
  bool operator==(const Mistake&) const = default;
};

inline constexpr size_t kMaxText = 65536;  // bytes of one text
inline constexpr int kMaxDepth = 200;      // levels of one expression, as deep as Python's own parser goes

}  // namespace netwright::language
