// SPDX-License-Identifier: Apache-2.0
// A CSV file with its header and the meaning of its cells: which are missing, which are numbers. Used by the CSV and
// series sources; their common params are csvParams().
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/param_spec.h"

namespace netwright::data {

// separator, decimal, header, missing_words, encoding.
std::vector<ParamSpec> csvParams();

std::string_view trimmed(std::string_view cell);

// How cells are read. Words of `missing_words`, and empty cells, are missing.
class CellRules {
 public:
  explicit CellRules(const Attributes& params);
  bool isMissing(std::string_view cell) const;
  // A finite number that float32 can hold, else none.
  std::optional<double> number(std::string_view cell) const;
  // What to advise where a number was expected: "Set decimal to comma." if that would help.
  std::string advice(std::string_view cell) const;

 private:
  std::vector<std::string> missing_;
  std::array<bool, 256> beginsMissing_{};  // bytes that a word of missing_ begins with
  bool decimalComma_;
};

// Lines that are wrong in the same way: the first few by number, the others counted.
class BadLines {
 public:
  template <class How>
  void add(int64_t line, const How& how) {  // how(): "4 fields"
    if (count_++ < static_cast<int64_t>(kMost)) named_.push_back("line " + std::to_string(line) + " (" + how() + ")");
  }
  int64_t count() const { return count_; }
  // Of all but the first, which the message itself names: "Line 5 (4 fields), line 9 (1 field) and 3 more are wrong,
  // too." Empty if there are none.
  std::string others() const;

 private:
  static constexpr size_t kMost = 10;
  int64_t count_ = 0;
  std::vector<std::string> named_;
};

// Throws Error{Input} for what cannot be read, has no header, two columns of one name, or no rows.
class CsvFile {
 public:
  CsvFile(const std::filesystem::path& path, const Attributes& params);

  const std::string& name() const { return name_; }  // without folders
  const std::vector<std::string>& header() const { return header_; }
  const std::string& note() const { return note_; }  // about the encoding; may be empty

  using Row = std::function<void(const std::vector<std::string_view>& cells, int64_t line)>;
  // Calls `row` for each record. Throws Error{Input} for records of another length than the header and for bytes that
  // are not UTF-8, after the last one, telling all of them; records behind a wrong one are not given to `row`.
  void forRows(const Row& row) const;

  // Index of a column; throws Error{Input} with the nearest name.
  size_t column(const std::string& name) const;
  // "penguins.csv, line 17, column 'sex'"
  std::string place(int64_t line, size_t column) const;

 private:
  void readHeader(bool given);
  std::optional<std::string> notUtf8(const std::vector<std::string_view>& cells, int64_t line, BadLines& lines) const;

  std::string name_, text_, note_;
  char separator_;
  bool hasHeader_;
  bool checkUtf8_ = false;
  std::vector<std::string> header_;
};

// A cell as messages show it: quoted, shortened, bytes that are no text as \xE9.
std::string shown(std::string_view cell);

}  // namespace netwright::data
