// SPDX-License-Identifier: Apache-2.0
// Tables in CSV files: numbers and categories as features, the target as a class or a number. Used by the registry.
#pragma once

#include "core/data/registry.h"

namespace netwright::data {

// Columns: "x" (float32, (F,)) with all numbers and, one-hot, all categories, its entries named ("island=Biscoe"); with
// encode=index each category as a column of its own (int64). The target is an int64 label with sorted class names, or a
// float32 of shape (1,). Missing numbers are NaN; a missing category is the category "(missing)".
// A folder holds one CSV file, or train.csv and, optionally, validation.csv and test.csv.
SourceSpec csvSource();

}  // namespace netwright::data
