// SPDX-License-Identifier: Apache-2.0
// What the values of a data set's columns are like: range, mean, counts of classes. For data info and the run's record.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <vector>

#include "core/data/dataset.h"

namespace netwright::data {

struct ColumnStatistics {
  double low = 0, high = 0, sum = 0;  // of the finite values
  int64_t count = 0, notFinite = 0;   // values, not samples
  std::map<int64_t, int64_t> labels;  // how often each class comes, for a column with classes
};

// Reads all `samples` once.
std::vector<ColumnStatistics> statisticsOf(const Dataset& dataset, std::span<const int64_t> samples);
// {"name", "role", "type", "shape", "classes": {name: count}, "entries", "min", "max", "mean", "not_finite"}; members
// that do not apply are left out.
nlohmann::ordered_json toJson(const ColumnSpec& column, const ColumnStatistics& statistics);

}  // namespace netwright::data
