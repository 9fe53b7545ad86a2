// SPDX-License-Identifier: Apache-2.0
// Steps between a source and the network, and the dataset that applies a chain of them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/param_spec.h"
#include "core/data/dataset.h"

namespace netwright::data {

// One step as the user sets it; absent params have their defaults.
struct TransformConfig {
  std::string kind;
  Attributes params;
  bool operator==(const TransformConfig&) const = default;
};

// One kind of step: a function of a single value, applied to every element of the feature columns.
struct TransformSpec {
  std::string kind, title, doc;
  std::vector<ParamSpec> params;
  // The column after the step; throws Error{Input} when the step cannot take this column.
  std::function<ColumnSpec(const ColumnSpec&)> column;
  // `params` is complete and checked.
  std::function<std::function<float(float)>(const Attributes& params)> make;
};

// For implementations of make(): a Float param, which may be stored as a whole number.
double number(const Attributes& params, const std::string& name);

// The columns after all steps. Throws Error{Input}: unknown kind or param (naming the nearest), bad value, column that
// does not fit.
std::vector<ColumnSpec> transformedColumns(std::vector<ColumnSpec> columns, const std::vector<TransformConfig>& steps);
// `source` itself when there are no steps. A chain costs one table look-up per value, however long it is.
std::shared_ptr<const Dataset> transformed(std::shared_ptr<const Dataset> source,
                                           const std::vector<TransformConfig>& steps);

}  // namespace netwright::data
