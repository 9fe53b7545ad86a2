// SPDX-License-Identifier: Apache-2.0
#include "core/data/letters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::data {
namespace {

constexpr size_t kMostLetters = 10'000;

// Letters that nobody sees have names.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kNamed{
    {{" ", "(space)"}, {"\n", "(newline)"}, {"\t", "(tab)"}, {"\u00A0", "(no-break space)"}}};

std::string nameOf(std::string_view letter) {
  for (const auto& [named, name] : kNamed)
    if (letter == named) return std::string(name);
  return std::string(letter);
}

std::string_view letterOf(std::string_view name) {
  for (const auto& [named, called] : kNamed)
    if (name == called) return named;
  return name;
}

size_t lengthAt(std::string_view text, size_t at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  const size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (at + length > text.size()) return 1;
  for (size_t i = 1; i < length; ++i)
    if ((static_cast<uint8_t>(text[at + i]) & 0xC0) != 0x80) return 1;
  return length;
}

}  // namespace

std::vector<std::string_view> letters(std::string_view text) {
  std::vector<std::string_view> all;
  all.reserve(text.size());
  for (size_t at = 0; at < text.size(); at += all.back().size()) all.push_back(text.substr(at, lengthAt(text, at)));
  return all;
}

void Alphabet::add(std::string_view text) {
  for (const std::string_view letter : letters(text))
    if (!letters_.contains(letter)) letters_.emplace(letter, true);
}

void Alphabet::requireText(const std::string& where) const {
  if (letters_.size() <= kMostLetters) return;
  failInput(fmt::format("There are more than {} different letters in {}.", grouped(kMostLetters), where), "",
            "Choose a text of one language.");
}

LetterNumbers Alphabet::numbers() const {
  LetterNumbers numbers;
  for (const auto& [letter, known] : letters_) numbers.emplace(letter, static_cast<int64_t>(numbers.size()) + 1);
  return numbers;
}

std::vector<std::string> Alphabet::names() const {
  std::vector<std::string> names{kPadding};
  for (const auto& [letter, known] : letters_) names.push_back(nameOf(letter));
  return names;
}

bool holdsText(const ColumnSpec& column) {
  return column.dtype == DType::Int64 && column.shape.size() == 1 && !column.classes.empty() &&
         column.classes.front() == kPadding;
}

void putText(std::string_view text, const LetterNumbers& numbers, bool padsStart, std::span<int64_t> out) {
  const std::vector<std::string_view> all = letters(text);
  const size_t count = std::min(all.size(), out.size());
  std::fill(out.begin(), out.end(), 0);
  int64_t* at = out.data() + (padsStart ? out.size() - count : 0);
  for (size_t i = 0; i < count; ++i) *at++ = numbers.find(all[i])->second;
}

std::vector<int64_t> textNumbers(const ColumnSpec& column, std::string_view text) {
  LetterNumbers numbers;
  for (size_t i = 1; i < column.classes.size(); ++i)
    numbers.emplace(letterOf(column.classes[i]), static_cast<int64_t>(i));
  for (const std::string_view letter : letters(text))
    if (!numbers.contains(letter)) {
      const std::vector<std::string> known(column.classes.begin() + 1, column.classes.end());
      failInput(
          fmt::format("There is no '{}' in the texts of '{}' that the network has read.", nameOf(letter), column.name),
          fmt::format("It knows {}.", joined(known, " ")), "Use these letters.");
    }
  std::vector<int64_t> out(static_cast<size_t>(column.shape.front()));
  putText(text, numbers, column.padsStart, out);
  return out;
}

std::string textOf(const ColumnSpec& column, std::span<const int64_t> numbers) {
  std::string text;
  for (const int64_t number : numbers)
    if (number > 0 && static_cast<size_t>(number) < column.classes.size())
      text += letterOf(column.classes[static_cast<size_t>(number)]);
  return text;
}

}  // namespace netwright::data
