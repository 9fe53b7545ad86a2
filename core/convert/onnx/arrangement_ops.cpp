// SPDX-License-Identifier: Apache-2.0
// Operators that lay entries of any type out anew: copies, other dimensions, choices by index. Formulas:
// onnx/docs/Operators.md, opset 17.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

HostTensor expand(const OpCall& call) {
  const HostTensor& x = call.tensor(0);
  HostTensor y = call.result(broadcast(call, x.shape, call.ints(1)), x.dtype);
  for (int64_t i = 0; i < y.count(); ++i) copyEntry(x, static_cast<int64_t>(source(i, y.shape, x.shape)), y, i);
  return y;
}

HostTensor tile(const OpCall& call) {
  const HostTensor& x = call.tensor(0);
  const Ints times = call.ints(1);
  call.require(times.size() == x.shape.size(), "It does not say for every dimension how often.");
  Ints shape = x.shape;
  for (size_t d = 0; d < shape.size(); ++d)
    call.require(times[d] >= 0 && !__builtin_mul_overflow(shape[d], times[d], &shape[d]), "It repeats too often.");
  HostTensor y = call.result(shape, x.dtype);
  for (int64_t i = 0; i < y.count(); ++i) {
    Ints at = positions(i, shape);
    for (size_t d = 0; d < at.size(); ++d) at[d] %= x.shape[d];
    copyEntry(x, indexOf(at, x.shape), y, i);
  }
  return y;
}

HostTensor shapeOf(const OpCall& call) {
  const Ints& all = call.tensor(0).shape;
  const auto rank = static_cast<int64_t>(all.size());
  const auto bound = [&](const char* name, int64_t fallback) {
    const int64_t v = call.integer(name, fallback);
    return std::clamp<int64_t>(v < 0 ? v + rank : v, 0, rank);
  };
  const int64_t start = bound("start", 0), end = std::max(start, bound("end", rank));
  HostTensor y = call.result({end - start}, DType::Int64);
  std::copy(all.begin() + start, all.begin() + end, y.as<int64_t>().begin());
  return y;
}

HostTensor withShape(const OpCall& call, Ints shape) {
  HostTensor y = call.tensor(0);
  call.require(elementCount(shape) == y.count(), "Its result has another number of values.");
  y.shape = std::move(shape);
  return y;
}

HostTensor unsqueeze(const OpCall& call) {
  const Ints axes = call.ints(1);
  const size_t rank = call.tensor(0).shape.size() + axes.size();
  std::set<int64_t> fresh;
  for (const int64_t a : axes) fresh.insert(call.axis(a, rank));
  call.require(fresh.size() == axes.size(), "It names a dimension twice.");
  Ints shape;
  auto old = call.tensor(0).shape.begin();
  for (size_t d = 0; d < rank; ++d) shape.push_back(fresh.contains(static_cast<int64_t>(d)) ? 1 : *old++);
  return withShape(call, std::move(shape));
}

HostTensor squeeze(const OpCall& call) {
  const Ints& all = call.tensor(0).shape;
  std::set<int64_t> gone;
  if (call.has(1))
    for (const int64_t a : call.ints(1)) gone.insert(call.axis(a, all.size()));
  Ints shape;
  for (size_t d = 0; d < all.size(); ++d) {
    const bool named = gone.contains(static_cast<int64_t>(d));
    call.require(!named || all[d] == 1, fmt::format("It takes away a dimension of size {}.", all[d]));
    if (!named && (call.has(1) || all[d] != 1)) shape.push_back(all[d]);
  }
  return withShape(call, std::move(shape));
}

// Channels become blocks of pixels: mode CRD has the column, row order behind the depth, DCR before it.
HostTensor depthToSpace(const OpCall& call) {
  const HostTensor& x = call.tensor(0);
  const int64_t b = call.integer("blocksize", 1);
  const std::string mode = call.text("mode", "DCR");
  call.require(
      x.shape.size() == 4 && b >= 1 && b <= 1 << 15 && x.shape[1] % (b * b) == 0 && (mode == "DCR" || mode == "CRD"),
      "Its blocks do not fit its input.");
  const int64_t depth = x.shape[1] / (b * b);
  HostTensor y = call.result({x.shape[0], depth, x.shape[2] * b, x.shape[3] * b}, x.dtype);
  for (int64_t i = 0; i < y.count(); ++i) {
    const Ints at = positions(i, y.shape);
    const int64_t inside = at[2] % b * b + at[3] % b;
    const int64_t channel = mode == "CRD" ? at[1] * b * b + inside : inside * depth + at[1];
    copyEntry(x, indexOf({at[0], channel, at[2] / b, at[3] / b}, x.shape), y, i);
  }
  return y;
}

// The part above or below a diagonal of the last two dimensions; 0 elsewhere.
HostTensor trilu(const OpCall& call) {
  HostTensor y = call.tensor(0);
  call.require(y.shape.size() >= 2, "Its input is no matrix.");
  const int64_t k = call.has(1) ? call.whole(1) : 0, columns = y.shape.back(), rows = y.shape[y.shape.size() - 2];
  const bool upper = call.integer("upper", 1) != 0;
  for (int64_t i = 0; i < y.count(); ++i) {
    const int64_t offset = i % columns - i / columns % rows;
    if (upper ? offset < k : offset > k) setValue(y, static_cast<size_t>(i), 0);
  }
  return y;
}

// One value is on among `depth` along a new axis; an index outside switches none on.
HostTensor oneHot(const OpCall& call) {
  const HostTensor &indices = call.tensor(0), &values = call.tensor(2);
  const int64_t depth = call.whole(1);
  call.require(indices.dtype == DType::Int64 && values.shape == Ints{2} && depth >= 1, "Its inputs do not fit.");
  const auto axis = static_cast<size_t>(call.axis(call.integer("axis", -1), indices.shape.size() + 1));
  Ints shape = indices.shape;
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis), depth);
  HostTensor y = call.result(shape, values.dtype);
  for (int64_t i = 0; i < y.count(); ++i) {
    Ints at = positions(i, shape);
    const int64_t place = at[axis];
    at.erase(at.begin() + static_cast<std::ptrdiff_t>(axis));
    const int64_t index = indices.as<int64_t>()[static_cast<size_t>(indexOf(at, indices.shape))];
    copyEntry(values, place == (index < 0 ? index + depth : index) ? 1 : 0, y, i);
  }
  return y;
}

// The position that an entry of `indices` names along an axis.
Ints named(const OpCall& call, const HostTensor& indices, int64_t entry, size_t axis, const Ints& shape) {
  Ints at = positions(entry, indices.shape);
  const int64_t index = indices.as<int64_t>()[static_cast<size_t>(entry)];
  call.require(index >= -shape[axis] && index < shape[axis],
               fmt::format("It takes the entry {} of {}.", index, shape[axis]));
  at[axis] = index < 0 ? index + shape[axis] : index;
  return at;
}

size_t requireWithin(const OpCall& call, const HostTensor& x, const HostTensor& indices) {
  call.require(indices.dtype == DType::Int64 && indices.shape.size() == x.shape.size(), "Its indices do not fit.");
  const auto axis = static_cast<size_t>(call.axis(call.integer("axis", 0), x.shape.size()));
  for (size_t d = 0; d < x.shape.size(); ++d)
    call.require(d == axis || indices.shape[d] <= x.shape[d], "Its indices are larger than its input.");
  return axis;
}

HostTensor gatherElements(const OpCall& call) {
  const HostTensor &x = call.tensor(0), &indices = call.tensor(1);
  const size_t axis = requireWithin(call, x, indices);
  HostTensor y = call.result(indices.shape, x.dtype);
  for (int64_t i = 0; i < y.count(); ++i) copyEntry(x, indexOf(named(call, indices, i, axis, x.shape), x.shape), y, i);
  return y;
}

HostTensor scatterElements(const OpCall& call) {
  HostTensor y = call.tensor(0);
  const HostTensor &indices = call.tensor(1), &updates = call.tensor(2);
  const size_t axis = requireWithin(call, y, indices);
  const std::string reduction = call.text("reduction", "none");
  call.require(reduction == "none" || reduction == "add", "It joins values that meet in another way than by a sum.");
  call.require(updates.shape == indices.shape && updates.dtype == y.dtype, "Its updates do not fit.");
  for (int64_t i = 0; i < indices.count(); ++i) {
    const int64_t to = indexOf(named(call, indices, i, axis, y.shape), y.shape);
    if (reduction == "none")
      copyEntry(updates, i, y, to);
    else
      setValue(y, static_cast<size_t>(to),
               valueAt(y, static_cast<size_t>(to)) + valueAt(updates, static_cast<size_t>(i)));
  }
  return y;
}

}  // namespace

std::map<std::string, OpFunction> arrangementOps() {
  return {{"DepthToSpace", depthToSpace},
          {"Expand", expand},
          {"GatherElements", gatherElements},
          {"OneHot", oneHot},
          {"ScatterElements", scatterElements},
          {"Shape", shapeOf},
          {"Squeeze", squeeze},
          {"Tile", tile},
          {"Trilu", trilu},
          {"Unsqueeze", unsqueeze}};
}

}  // namespace netwright::convert::onnx
