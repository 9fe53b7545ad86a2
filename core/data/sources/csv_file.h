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

// Throws Error{Input} for what cannot be read, has no header, two columns of one name, or no rows.
class CsvFile {
 public:
  CsvFile(const std::filesystem::path& path, const Attributes& params);

  const std::string& name() const { return name_; }  // without folders
  const std::vector<std::string>& header() const { return header_; }
  const std::string& note() const { return note_; }  // about the encoding; may be empty

  using Row = std::function<void(const std::vector<std::string_view>& cells, int64_t line)>;
  // Calls `row` for each record. Throws Error{Input} for a record of another length than the header, and for bytes that
  // are not UTF-8, naming line and column.
  void forRows(const Row& row) const;

  // Index of a column; throws Error{Input} with the nearest name.
  size_t column(const std::string& name) const;
  // "penguins.csv, line 17, column 'sex'"
  std::string place(int64_t line, size_t column) const;

 private:
  void readHeader(bool given);
  void requireUtf8(const std::vector<std::string_view>& cells, int64_t line) const;

  std::string name_, text_, note_;
  char separator_;
  bool hasHeader_;
  bool checkUtf8_ = false;
  std::vector<std::string> header_;
};

// A cell as messages show it: quoted, shortened, bytes that are no text as \xE9.
std::string shown(std::string_view cell);

}  // namespace netwright::data
