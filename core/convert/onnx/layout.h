// SPDX-License-Identifier: Apache-2.0
// How tensors lie in memory for operators that broadcast or work along an axis. Used by the evaluator's operators only.
#pragma once

#include <algorithm>

#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {

// The common shape of two tensors, sizes compared from the last; 1 stretches.
inline Ints broadcast(const OpCall& call, const Ints& a, const Ints& b) {
  Ints shape(std::max(a.size(), b.size()), 1);
  for (size_t i = 1; i <= shape.size(); ++i) {
    const int64_t x = i <= a.size() ? a[a.size() - i] : 1, y = i <= b.size() ? b[b.size() - i] : 1;
    call.require(x == y || x == 1 || y == 1, "Its inputs cannot be broadcast to one size.");
    shape[shape.size() - i] = x == 1 ? y : x;
  }
  return shape;
}

// Where the value at `index` of the broadcast shape lies in a tensor of shape `own`.
inline size_t source(int64_t index, const Ints& shape, const Ints& own) {
  int64_t at = 0, step = 1;
  for (size_t i = 1; i <= shape.size(); ++i) {
    const int64_t position = index % shape[shape.size() - i];
    index /= shape[shape.size() - i];
    if (i > own.size()) continue;
    const int64_t size = own[own.size() - i];
    if (size != 1) at += position * step;
    step *= size;
  }
  return static_cast<size_t>(at);
}

// A value of any type that the evaluator computes with; whole numbers are exact up to 2^53.
inline double valueAt(const HostTensor& t, size_t at) {
  switch (t.dtype) {
    case DType::Float32:
      return t.as<float>()[at];
    case DType::Int64:
      return static_cast<double>(t.as<int64_t>()[at]);
    case DType::Int32:
      return t.as<int32_t>()[at];
    default:
      return static_cast<double>(t.as<uint8_t>()[at]);
  }
}
inline void setValue(HostTensor& t, size_t at, double value) {
  switch (t.dtype) {
    case DType::Float32:
      t.as<float>()[at] = static_cast<float>(value);
      break;
    case DType::Int64:
      t.as<int64_t>()[at] = static_cast<int64_t>(value);
      break;
    case DType::Int32:
      t.as<int32_t>()[at] = static_cast<int32_t>(value);
      break;
    default:
      t.as<uint8_t>()[at] = value != 0;
  }
}

// The positions along each dimension of the entry that lies at `index`, and back.
inline Ints positions(int64_t index, const Ints& shape) {
  Ints at(shape.size());
  for (size_t d = shape.size(); d-- > 0; index /= shape[d]) at[d] = index % shape[d];
  return at;
}
inline int64_t indexOf(const Ints& at, const Ints& shape) {
  int64_t index = 0;
  for (size_t d = 0; d < shape.size(); ++d) index = index * shape[d] + at[d];
  return index;
}

// Copies one entry, of any type.
inline void copyEntry(const HostTensor& from, int64_t source, HostTensor& to, int64_t target) {
  const auto size = static_cast<int64_t>(byteSize(from.dtype));
  std::copy_n(from.bytes.begin() + source * size, size, to.bytes.begin() + target * size);
}

// A tensor seen as (outer, size, inner) around one axis.
struct Around {
  int64_t outer = 1, size = 1, inner = 1;
  Around(const Ints& shape, int64_t axis) {
    for (size_t i = 0; i < shape.size(); ++i) {
      const auto d = static_cast<int64_t>(i);
      (d < axis ? outer : d == axis ? size : inner) *= shape[i];
    }
  }
};

}  // namespace netwright::convert::onnx
