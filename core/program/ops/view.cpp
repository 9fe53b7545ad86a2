// SPDX-License-Identifier: Apache-2.0
// Parts of a tensor, and its dimensions in another order or split: the same values in the same memory.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void transpose(OpCall& call) {
  TensorType out = call.tensor("self");
  const auto a = requireDim(call, call.integer("dim0"), out.shape);
  if (!a) return;
  const auto b = requireDim(call, call.integer("dim1"), out.shape);
  if (!b) return;
  std::swap(out.shape[*a], out.shape[*b]);
  call.result(std::move(out));
}

// Entries that surely lie outside are refused; what only a batch can tell is checked with its sizes.
bool requireInside(OpCall& call, size_t dim, int64_t start, int64_t length) {
  const Dim& size = call.shape("self")[dim];
  const auto known = size.constant();
  if (!known || (start >= 0 && length >= 0 && start + length <= *known)) return true;
  call.fail("NW-S036", {{"length", std::to_string(length)},
                        {"start", std::to_string(start)},
                        {"dim", std::to_string(dim)},
                        {"size", size.text()}});
  return false;
}

void select(OpCall& call) {
  TensorType out = call.tensor("self");
  const auto dim = requireDim(call, call.integer("dim"), out.shape);
  if (!dim) return;
  const int64_t index = call.integer("index");
  const auto size = out.shape[*dim].constant();
  if (!requireInside(call, *dim, index < 0 && size ? index + *size : index, 1)) return;
  out.shape.erase(out.shape.begin() + static_cast<std::ptrdiff_t>(*dim));
  call.result(std::move(out));
}

void narrow(OpCall& call) {
  TensorType out = call.tensor("self");
  const auto dim = requireDim(call, call.integer("dim"), out.shape);
  if (!dim || !requireInside(call, *dim, call.integer("start"), call.integer("length"))) return;
  out.shape[*dim] = call.integer("length");
  call.result(std::move(out));
}

// Sizes are written out; none is left to be worked out (-1).
void unflatten(OpCall& call) {
  TensorType out = call.tensor("self");
  const auto dim = requireDim(call, call.integer("dim"), out.shape);
  if (!dim) return;
  const Shape sizes = call.ints("sizes");
  for (const Dim& size : sizes)
    if (!requireParam(call, size.atLeast(0) != Answer::No, "sizes", "must not be negative, but one is " + size.text()))
      return;
  if (!requireParam(call, !sizes.empty(), "sizes", "must be at least one")) return;
  if (!call.requireEqual(product(sizes), out.shape[*dim], "NW-S037",
                         {{"dim", std::to_string(*dim)},
                          {"shape", text(out.shape)},
                          {"sizes", text(sizes)},
                          {"product", product(sizes).text()}}))
    return;
  const auto at = out.shape.erase(out.shape.begin() + static_cast<std::ptrdiff_t>(*dim));
  out.shape.insert(at, sizes.begin(), sizes.end());
  call.result(std::move(out));
}

void permute(OpCall& call) {
  TensorType out = call.tensor("self");
  const Shape dims = call.ints("dims");
  if (!requireParam(
          call, dims.size() == out.shape.size(), "dims",
          "must name each of the " + std::to_string(out.shape.size()) + " dimensions of " + text(out.shape)) ||
      !requireDims(call, "dims", call.shape("self")))
    return;
  for (size_t i = 0; i < dims.size(); ++i)
    out.shape[i] = call.shape("self")[*requireDim(call, dims[i].constant().value(), call.shape("self"))];
  call.result(std::move(out));
}

void unsqueeze(OpCall& call) {
  TensorType out = call.tensor("self");
  Shape wider = out.shape;
  wider.emplace_back(1);
  const auto dim = requireDim(call, call.integer("dim"), wider);
  if (!dim) return;
  out.shape.insert(out.shape.begin() + static_cast<std::ptrdiff_t>(*dim), Dim(1));
  call.result(std::move(out));
}

// A dimension of another size than 1 stays. One whose size only a batch tells is taken to stay too, and guarded.
void squeeze(OpCall& call) {
  TensorType out = call.tensor("self");
  if (out.shape.empty()) return call.result(std::move(out));
  const auto dim = requireDim(call, call.integer("dim"), out.shape);
  if (!dim) return;
  if (out.shape[*dim] == Dim(1)) out.shape.erase(out.shape.begin() + static_cast<std::ptrdiff_t>(*dim));
  call.result(std::move(out));
}

// Dimensions of size 1 in larger sizes, and new ones in front; -1 keeps a size.
void expand(OpCall& call) {
  TensorType out = call.tensor("self");
  const Shape x = out.shape, size = call.ints("size");
  if (!requireParam(call, size.size() >= x.size(), "size", "must name each of the dimensions of " + text(x))) return;
  const size_t fresh = size.size() - x.size();
  out.shape = size;
  for (size_t i = 0; i < size.size(); ++i) {
    const bool keeps = size[i] == Dim(-1);
    if (!requireParam(call, !(keeps && i < fresh), "size", "must not be -1 for a new dimension")) return;
    if (i < fresh || (x[i - fresh] == Dim(1) && !keeps)) continue;
    if (!keeps && !call.requireEqual(size[i], x[i - fresh], "NW-P001",
                                     {{"param", "size"},
                                      {"problem", "asks for " + size[i].text() + " in dimension " + std::to_string(i) +
                                                      ", but the input " + text(x) + " has " + x[i - fresh].text() +
                                                      " there, which is not 1"}}))
      return;
    out.shape[i] = x[i - fresh];
  }
  call.result(std::move(out));
}

// From start to end by steps; negative bounds count from the end, and bounds beyond it are cut.
void slice(OpCall& call) {
  TensorType out = call.tensor("self");
  const auto dim = requireDim(call, call.integer("dim"), out.shape);
  if (!dim) return;
  Dim& size = out.shape[*dim];
  const int64_t step = call.integer("step");
  if (!requireParam(call, step >= 1, "step", "must be at least 1")) return;
  // A bound in [0, size], as a dimension that may be symbolic.
  const auto bound = [&](const char* argument, const Dim& fallback) {
    if (!call.given(argument)) return fallback;
    const int64_t given = call.integer(argument);
    return given < 0 ? max(size + Dim(given), Dim(0)) : min(Dim(given), size);
  };
  const Dim start = bound("start", Dim(0)), end = bound("end", size);
  size = floorDiv(max(end - start, Dim(0)) + Dim(step - 1), Dim(step));
  call.result(std::move(out));
}

// One new dimension along which tensors of one shape lie.
void stack(OpCall& call) {
  const std::vector<TensorType>& all = call.list("tensors");
  if (!requireParam(call, !all.empty(), "tensors", "must be at least one")) return;
  TensorType out = all.front();
  for (size_t i = 1; i < all.size(); ++i) {
    const std::map<std::string, std::string> args{
        {"input", std::to_string(i + 1)}, {"expected", text(ValueType(out))}, {"received", text(ValueType(all[i]))}};
    if (all[i].dtype != out.dtype) return call.fail("NW-S032", args);
    if (all[i].shape.size() != out.shape.size()) return call.fail("NW-S047", args);
    for (size_t d = 0; d < out.shape.size(); ++d)
      if (!call.requireEqual(out.shape[d], all[i].shape[d], "NW-S047", args)) return;
  }
  Shape wider = out.shape;
  wider.emplace_back(1);
  const auto dim = requireDim(call, call.integer("dim"), wider);
  if (!dim) return;
  out.shape.insert(out.shape.begin() + static_cast<std::ptrdiff_t>(*dim), Dim(static_cast<int64_t>(all.size())));
  call.result(std::move(out));
}

}  // namespace

std::vector<OpInfo> view() {
  return {row("aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)", expand),
          row("aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)", permute),
          row("aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> "
              "Tensor(a)",
              slice),
          row("aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)", squeeze),
          row("aten::stack(Tensor[] tensors, int dim=0) -> Tensor", stack),
          row("aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)", unsqueeze),
          row("aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)", transpose),
          row("aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)", select),
          row("aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)", narrow),
          row("aten::unflatten.int(Tensor(a) self, int dim, SymInt[] sizes) -> Tensor(a)", unflatten)};
}

}  // namespace netwright::program::ops
