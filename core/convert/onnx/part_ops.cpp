// SPDX-License-Identifier: Apache-2.0
// Operators that put tensors together or take parts of one, of any type. Formulas: onnx/docs/Operators.md, opset 17.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/convert/onnx/layout.h"
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

// Bounds of one axis, in order of a step of either sign: where to begin, and how many entries.
struct Range {
  int64_t from, count;
  Range(int64_t start, int64_t end, int64_t step, int64_t size) {
    const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
    const auto inside = [&](int64_t v) { return std::clamp(v < 0 ? v + size : v, low, high); };
    from = inside(start);
    const int64_t way = step > 0 ? inside(end) - from : from - inside(end), length = step > 0 ? step : -step;
    count = way <= 0 ? 0 : (way - 1) / length + 1;
  }
};

HostTensor slice(const OpCall& call) {
  HostTensor x = call.tensor(0);
  const Ints starts = call.ints(1), ends = call.ints(2);
  Ints axes(starts.size());
  for (size_t i = 0; i < axes.size(); ++i) axes[i] = static_cast<int64_t>(i);
  if (call.has(3)) axes = call.ints(3);
  const Ints steps = call.has(4) ? call.ints(4) : Ints(starts.size(), 1);
  call.require(ends.size() == starts.size() && axes.size() == starts.size() && steps.size() == starts.size(),
               "Its starts, ends, axes and steps differ.");
  for (size_t i = 0; i < starts.size(); ++i) {
    const auto axis = static_cast<size_t>(call.axis(axes[i], x.shape.size()));
    call.require(steps[i] != 0 && steps[i] > -(int64_t{1} << 40) && steps[i] < int64_t{1} << 40,
                 "A step of it is 0 or too large.");
    const Range range(starts[i], ends[i], steps[i], x.shape[axis]);
    Ints shape = x.shape;
    shape[axis] = range.count;
    HostTensor y = call.result(shape, x.dtype);
    if (steps[i] == 1)
      copyAlong(x, y, axis, {range.from, 0, range.count});
    else
      for (int64_t k = 0; k < range.count; ++k) copyAlong(x, y, axis, {range.from + k * steps[i], k, 1});
    x = std::move(y);
  }
  return x;
}

// Where a position of the padded axis comes from; nothing where a constant stands.
std::optional<int64_t> origin(int64_t position, int64_t size, const std::string& mode) {
  if (position >= 0 && position < size) return position;
  if (mode == "edge") return position < 0 ? 0 : size - 1;
  if (mode == "reflect") return position < 0 ? -position : 2 * (size - 1) - position;
  return std::nullopt;
}

HostTensor pad(const OpCall& call) {
  const HostTensor& x = call.floats(0);
  const Ints pads = call.ints(1);
  const size_t rank = x.shape.size();
  const std::string mode = call.text("mode", "constant");
  constexpr int64_t kWidest = 1 << 20;
  call.require((mode == "constant" || mode == "edge" || mode == "reflect") && pads.size() == 2 * rank && !call.has(3),
               "Only margins of constants, edges and mirrors, two for each dimension, are supported.");
  Ints shape = x.shape;
  for (size_t i = 0; i < rank; ++i) {
    for (const int64_t p : {pads[i], pads[rank + i]}) {
      call.require(p >= -kWidest && p <= kWidest, "Its margins are impossible.");
      call.require(mode != "reflect" || p < x.shape[i], "It mirrors more than there is.");
      call.require(mode != "edge" || p <= 0 || x.shape[i] > 0, "It repeats an edge of nothing.");
    }
    shape[i] += pads[i] + pads[rank + i];
  }
  HostTensor y = call.result(shape);
  call.require(!call.has(2) || call.floats(2).count() == 1, "Its value is not one number.");
  std::fill(y.as<float>().begin(), y.as<float>().end(), call.has(2) ? call.floats(2).as<float>()[0] : 0.0F);
  for (int64_t i = 0; i < y.count(); ++i) {
    Ints at = positions(i, shape);
    bool inside = true;
    for (size_t d = 0; d < rank && inside; ++d) {
      const auto from = origin(at[d] - pads[d], x.shape[d], mode);
      inside = from.has_value();
      at[d] = from.value_or(0);
    }
    if (inside) copyEntry(x, indexOf(at, x.shape), y, i);
  }
  return y;
}

}  // namespace

std::map<std::string, OpFunction> partOps() {
  return {{"Concat", concat}, {"Gather", gather}, {"Pad", pad}, {"Slice", slice}};
}

}  // namespace netwright::convert::onnx
