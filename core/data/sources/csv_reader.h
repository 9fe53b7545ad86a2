// SPDX-License-Identifier: Apache-2.0
// Records of a CSV text one after the other, by RFC 4180: quotes, doubled quotes, separators and line ends within
// quotes. Used by the CSV and series sources.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace netwright::data {

// Holds one record at a time; `text` must outlive it. Lines end with LF, CR LF or CR; empty lines are skipped. A quote
// within an unquoted field is a character like any other.
class CsvReader {
 public:
  CsvReader(std::string_view text, char separator, std::string fileName)
      : text_(text), separator_(separator), fileName_(std::move(fileName)) {}

  // False at the end. Throws Error{Input} that names the line: a quote that is never closed, text after one, above
  // 100,000 fields.
  bool next();
  // Of the record; valid until the next call of next().
  const std::vector<std::string_view>& cells() const { return cells_; }
  // Where the record begins, from 1.
  int64_t line() const { return line_; }

 private:
  std::string_view plainCell();
  std::string_view quotedCell();
  std::string_view unquoted(size_t begin, size_t end);
  void skipLineEnd();
  bool atLineEnd() const { return text_[at_] == '\n' || text_[at_] == '\r'; }

  std::string_view text_;
  char separator_;
  std::string fileName_;
  size_t at_ = 0;
  int64_t line_ = 0, currentLine_ = 1;
  std::vector<std::string_view> cells_;
  std::deque<std::string> unquoted_;  // cells with doubled quotes, which cannot be views of the text
};

// The one of comma, semicolon, tab and bar that divides the first records into equally many fields; comma when none
// does. Where the comma is a decimal one, it separates only if nothing else does.
char detectSeparator(std::string_view text, bool decimalComma);

}  // namespace netwright::data
