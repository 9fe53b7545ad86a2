// SPDX-License-Identifier: Apache-2.0
// What flows along a wire: a tensor with element type and (possibly symbolic) shape, a list of tensors, or something
// not known because of an error before it.
#pragma once

#include <string>
#include <vector>

#include "core/base/dtype.h"
#include "core/program/dim.h"

namespace netwright::program {

struct TensorType {
  DType dtype = DType::DefaultFloat;
  Shape shape;
  bool operator==(const TensorType&) const = default;
};

struct ValueType {
  enum class Kind { Unknown, Tensor, TensorList };
  Kind kind = Kind::Unknown;
  std::vector<TensorType> tensors;  // one for Tensor, all elements for TensorList

  ValueType() = default;
  ValueType(TensorType tensor) : kind(Kind::Tensor), tensors{std::move(tensor)} {}  // NOLINT: a tensor is a value
  bool isTensor() const { return kind == Kind::Tensor; }
  const TensorType& tensor() const { return tensors.front(); }
  bool operator==(const ValueType&) const = default;
};

// float (DefaultFloat) is not written: "(N, 1, 28, 28)", "int64 (N,)", "unknown".
std::string text(const ValueType& type);

}  // namespace netwright::program
