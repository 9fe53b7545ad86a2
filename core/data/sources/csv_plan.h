// SPDX-License-Identifier: Apache-2.0
// What becomes of each column of a table, found out from all its cells before one is stored. Used by the CSV source.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/data/dataset.h"
#include "core/data/sources/csv_file.h"

namespace netwright::data {

// Text: letter by letter. Label and Value: the target, as a class or as a number.
enum class Use { Skip, Number, Category, Text, Label, Value };

struct ColumnPlan {
  Use use = Use::Skip;
  std::map<std::string, int64_t, std::less<>> index;  // of each category, class or letter
  std::vector<std::string> names;  // the same in order; "(missing)" last where cells are missing, "(padding)" first
  int64_t missing = 0;             // cells
};

struct CsvPlan {
  std::vector<std::string> header;
  std::vector<ColumnPlan> columns;  // one for each of the header
  std::vector<size_t> targets;      // at least one; the last tensors, in this order
  bool oneHot = true, dropMissing = false;
  int64_t textLength = 0;  // places of a text
  bool padsStart = false;
  int64_t rows = 0;  // of all files

  // Entries of "x": all numbers and, one-hot, all categories; in the order of the columns.
  std::vector<std::string> features() const;
  bool isTarget(size_t column) const;
  std::vector<ColumnSpec> specs() const;
};

// files: training first; all must have the same header. Throws Error{Input} for a cell that is not what its column
// holds (line, column, value, what was expected), and for settings that do not fit the file.
CsvPlan planCsv(const std::vector<CsvFile>& files, const Attributes& params, const CellRules& rules);

}  // namespace netwright::data
