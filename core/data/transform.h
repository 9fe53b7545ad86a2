// SPDX-License-Identifier: Apache-2.0
// Steps between a source and the network, and the dataset that applies a chain of them. Steps know nothing of each
// other; those that learn from the data (a mean, a range) do so from the training samples only.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/param_spec.h"
#include "core/data/dataset.h"
#include "core/data/fitted.h"
#include "core/data/params.h"

namespace netwright::data {

// One step as the user sets it; absent params have their defaults.
struct TransformConfig {
  std::string kind;
  Attributes params;
  std::string unknown;  // raw JSON members this version does not know, written back unchanged
  bool operator==(const TransformConfig&) const = default;
};

// Sees the training values of a column once, in order of the samples, and tells what it has learnt.
class Fitter {
 public:
  virtual ~Fitter() = default;
  virtual void add(size_t group, float value) = 0;  // never NaN: missing values are left out
  virtual FittedValues values() const = 0;
};

using ValueFunction = std::function<float(float value)>;
using GroupFunction = std::function<float(float value, size_t group)>;

// One kind of step, applied to every element of the columns it takes: a function of the value alone (`make`), or of
// the value and what was learnt for its group (`fitter` and `makeFitted`). Steps take the feature columns that hold
// numbers; a param "columns" may say targets or all. A param "per" may make one group of all entries; else the groups
// are the entries of a row (F,), the channels of a series (L, C) or of an image (C, ...).
struct TransformSpec {
  std::string kind, title, doc;
  std::vector<ParamSpec> params;
  // The column after the step; throws Error{Input} when the step cannot take this column.
  std::function<ColumnSpec(const ColumnSpec&)> column;
  // `params` is complete and checked.
  std::function<ValueFunction(const Attributes& params)> make;
  // Instead of `make` where the params have a number for each group; empty where they have one for all. Throws
  // Error{Input} where they have another number of them.
  std::function<GroupFunction(const Attributes& params, size_t groups)> makeGrouped;
  std::function<std::unique_ptr<Fitter>(const Attributes& params, size_t groups)> fitter;
  std::function<GroupFunction(const Attributes& params, const FittedValues& values)> makeFitted;
  bool learns() const { return static_cast<bool>(fitter); }
};

// The params "columns" and "per" of steps that learn.
ParamSpec columnsParam();
ParamSpec perParam();

// The columns after all steps. Throws Error{Input}: unknown kind or param (naming the nearest), bad value, column that
// does not fit.
std::vector<ColumnSpec> transformedColumns(std::vector<ColumnSpec> columns, const std::vector<TransformConfig>& steps);

// What the steps learn from these samples of `source`, each from the result of those before it.
// Throws Error{Input} when a group has no value at all.
Fitted fit(std::shared_ptr<const Dataset> source, std::span<const int64_t> samples,
           const std::vector<TransformConfig>& steps);

// `source` itself when there are no steps. For bytes a chain costs one table look-up per value, however long it is.
// fitted: of these very steps; may be empty where none learns. Throws Error{Input} if it is of other steps or columns.
std::shared_ptr<const Dataset> transformed(std::shared_ptr<const Dataset> source,
                                           const std::vector<TransformConfig>& steps, const Fitted& fitted = {});

}  // namespace netwright::data
