// SPDX-License-Identifier: Apache-2.0
// Operators that put tensors together or take parts of one, of any type. Formulas: onnx/docs/Operators.md, opset 17.
#include <fmt/format.h>

#include <algorithm>

#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

// Bytes of everything behind an axis, and positions before it.
struct Blocks {
  int64_t outer = 1, size = 1, innerBytes;
  Blocks(const HostTensor& t, size_t axis) : innerBytes(static_cast<int64_t>(byteSize(t.dtype))) {
    for (size_t i = 0; i < t.shape.size(); ++i) (i < axis ? outer : i == axis ? size : innerBytes) *= t.shape[i];
  }
};

// Copies `count` entries along an axis, from `from` on in the source to `to` on in the target.
struct Copy {
  int64_t from, to, count;
};
void copyAlong(const HostTensor& source, HostTensor& target, size_t axis, const Copy& what) {
  const Blocks in(source, axis), out(target, axis);
  for (int64_t o = 0; o < in.outer; ++o)
    std::copy_n(source.bytes.begin() + (o * in.size + what.from) * in.innerBytes, what.count * in.innerBytes,
                target.bytes.begin() + (o * out.size + what.to) * out.innerBytes);
}

HostTensor concat(const OpCall& call) {
  const HostTensor& first = call.tensor(0);
  const auto axis = static_cast<size_t>(call.axis(call.integer("axis", 0), first.shape.size()));
  Ints shape = first.shape;
  for (size_t i = 1; call.has(i); ++i) {
    const HostTensor& t = call.tensor(i);
    call.require(t.dtype == first.dtype && t.shape.size() == shape.size(),
                 fmt::format("Its input {} is of another kind than the first.", i));
    for (size_t d = 0; d < shape.size(); ++d)
      call.require(d == axis || t.shape[d] == shape[d], fmt::format("Its input {} has another size.", i));
    shape[axis] += t.shape[axis];
  }
  HostTensor y = call.result(shape, first.dtype);
  int64_t at = 0;
  for (size_t i = 0; call.has(i); ++i) {
    const HostTensor& t = call.tensor(i);
    copyAlong(t, y, axis, {0, at, t.shape[axis]});
    at += t.shape[axis];
  }
  return y;
}

// y[..., i, ...] = x[..., indices[i], ...]: the indices' dimensions stand in place of the axis.
HostTensor gather(const OpCall& call) {
  const HostTensor &x = call.tensor(0), &indices = call.tensor(1);
  call.require(!x.shape.empty() && indices.dtype == DType::Int64, "Its indices are no int64 numbers.");
  const auto axis = static_cast<size_t>(call.axis(call.integer("axis", 0), x.shape.size()));
  Ints shape(x.shape.begin(), x.shape.begin() + static_cast<std::ptrdiff_t>(axis));
  shape.insert(shape.end(), indices.shape.begin(), indices.shape.end());
  shape.insert(shape.end(), x.shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1, x.shape.end());
  Ints flat = x.shape;  // the indices as one dimension
  flat[axis] = indices.count();
  HostTensor y = call.result(flat, x.dtype);
  const int64_t size = x.shape[axis];
  for (int64_t i = 0; i < indices.count(); ++i) {
    const int64_t index = indices.as<int64_t>()[static_cast<size_t>(i)];
    call.require(index >= -size && index < size, fmt::format("It takes the entry {} of {}.", index, size));
    copyAlong(x, y, axis, {index < 0 ? index + size : index, i, 1});
  }
  y.shape = std::move(shape);
  return y;
}

// With steps of 1 only.
HostTensor slice(const OpCall& call) {
  HostTensor x = call.tensor(0);
  const Ints starts = call.ints(1), ends = call.ints(2);
  Ints axes(starts.size());
  for (size_t i = 0; i < axes.size(); ++i) axes[i] = static_cast<int64_t>(i);
  if (call.has(3)) axes = call.ints(3);
  call.require(!call.has(4) || call.ints(4) == Ints(starts.size(), 1), "Only steps of 1 are supported.");
  call.require(ends.size() == starts.size() && axes.size() == starts.size(), "Its starts, ends and axes differ.");
  for (size_t i = 0; i < starts.size(); ++i) {
    const auto axis = static_cast<size_t>(call.axis(axes[i], x.shape.size()));
    const int64_t size = x.shape[axis];
    const auto inside = [&](int64_t v) { return std::clamp<int64_t>(v < 0 ? v + size : v, 0, size); };
    const int64_t from = inside(starts[i]), count = std::max<int64_t>(0, inside(ends[i]) - from);
    Ints shape = x.shape;
    shape[axis] = count;
    HostTensor y = call.result(shape, x.dtype);
    copyAlong(x, y, axis, {from, 0, count});
    x = std::move(y);
  }
  return x;
}

}  // namespace

std::map<std::string, OpFunction> partOps() { return {{"Concat", concat}, {"Gather", gather}, {"Slice", slice}}; }

}  // namespace netwright::convert::onnx
