// SPDX-License-Identifier: Apache-2.0
// What transforms have learnt from the training samples (means, ranges, fillings). Stored with a run, so that whoever
// evaluates or uses its network prepares data as its training did.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace netwright::data {

// "mean" -> one number for each group of entries that a step treats alike.
using FittedValues = std::map<std::string, std::vector<double>>;

struct FittedStep {
  std::string kind;
  std::map<std::string, FittedValues> columns;  // by name; empty for steps that learn nothing
  bool operator==(const FittedStep&) const = default;
};

struct FittedColumn {
  std::string name;
  std::vector<std::string> entries, classes;
  bool operator==(const FittedColumn&) const = default;
};

struct Fitted {
  std::vector<FittedStep> steps;      // one for each transform, in order
  std::vector<FittedColumn> columns;  // of the source, so that data with other columns or classes is noticed
  bool operator==(const Fitted&) const = default;
};

// Numbers survive to the bit.
nlohmann::ordered_json toJson(const Fitted& fitted);
// Throws Error{Input} that names `sourceName` and the key.
Fitted fittedFromJson(const nlohmann::ordered_json& json, const std::string& sourceName);

std::vector<FittedColumn> namesOf(const std::vector<ColumnSpec>& columns);
// Throws Error{Input} when the data's columns, entries or classes are not those that the values were learnt from.
void requireSameColumns(const Fitted& fitted, const std::vector<ColumnSpec>& columns);

}  // namespace netwright::data
