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

}  // namespace

std::vector<OpInfo> view() {
  return {row("aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)", transpose),
          row("aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)", select),
          row("aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)", narrow),
          row("aten::unflatten.int(Tensor(a) self, int dim, SymInt[] sizes) -> Tensor(a)", unflatten)};
}

}  // namespace netwright::program::ops
