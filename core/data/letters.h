// SPDX-License-Identifier: Apache-2.0
// Texts as numbers, letter by letter: a column of texts holds, for each place, the number of a letter among its
// classes, of which the first is the filler of short texts. Used by the sources of texts and by whoever types one.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/dataset.h"

namespace netwright::data {

inline constexpr const char* kPadding = "(padding)";

// The letters of UTF-8 text, each one code point; bytes that are no UTF-8 one by one.
std::vector<std::string_view> letters(std::string_view text);

using LetterNumbers = std::map<std::string, int64_t, std::less<>>;

// All letters of some texts. Numbers follow the order of code points and begin with 1, for 0 is the filler.
class Alphabet {
 public:
  void add(std::string_view text);
  // Throws Error{Input} for more letters than a text has, naming `where`: "the column 'word' of t.csv".
  void requireText(const std::string& where) const;
  LetterNumbers numbers() const;
  std::vector<std::string> names() const;  // for ColumnSpec::classes: kPadding first; " " is called "(space)"

 private:
  std::map<std::string, bool, std::less<>> letters_;
};

// Whether a column holds texts (of one letter for each place).
bool holdsText(const ColumnSpec& column);
// Fills `out` with a text, cut off at its end where it is too long. Letters must be in `numbers`.
void putText(std::string_view text, const LetterNumbers& numbers, bool padsStart, std::span<int64_t> out);
// What a person typed, as a value of the column (shape as there). Throws Error{Input} for a letter that the column does
// not know.
std::vector<int64_t> textNumbers(const ColumnSpec& column, std::string_view text);
// The letters of a value, without filler.
std::string textOf(const ColumnSpec& column, std::span<const int64_t> numbers);

}  // namespace netwright::data
