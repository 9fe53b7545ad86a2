// SPDX-License-Identifier: Apache-2.0
// An argument of an op: a value of the program or a constant of a kind that ATen schemas have.
#pragma once

#include <compare>
#include <string>
#include <variant>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/dtype.h"
#include "core/program/dim.h"

namespace netwright::program {

struct ValueId {
  int index = -1;
  auto operator<=>(const ValueId&) const = default;
  explicit operator bool() const { return index >= 0; }
};

// A bool that is true when the op's mode is train; resolved when the program is planned.
struct TrainingFlag {
  bool operator==(const TrainingFlag&) const = default;
};

// A number that holds in training and is 0 otherwise, as the share of a dropout inside an op.
struct TrainingNumber {
  double value = 0;
  bool operator==(const TrainingNumber&) const = default;
};

// int64 constants are Dims, so that shape arguments may be symbolic.
using Argument = std::variant<None, ValueId, std::vector<ValueId>, bool, Dim, double, std::string, Shape, DType,
                              TrainingFlag, TrainingNumber>;

}  // namespace netwright::program
