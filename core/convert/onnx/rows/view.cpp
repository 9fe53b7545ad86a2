// SPDX-License-Identifier: Apache-2.0
// Parts of a tensor, and its dimensions in another order or split.
#include <fmt/format.h>

#include <utility>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

size_t place(int64_t dim, size_t rank) { return static_cast<size_t>(dim < 0 ? dim + static_cast<int64_t>(rank) : dim); }

void transpose(OpPrinter& p) {
  const size_t rank = p.shape("self").size();
  Ints perm;
  for (size_t i = 0; i < rank; ++i) perm.push_back(static_cast<int64_t>(i));
  std::swap(perm[place(p.integer("dim0"), rank)], perm[place(p.integer("dim1"), rank)]);
  p.result("Transpose", {p.tensor("self")}, {{"perm", perm}});
}

void select(OpPrinter& p) {
  HostTensor index(DType::Int64, {});
  index.as<int64_t>()[0] = p.integer("index");
  p.result("Gather", {p.tensor("self"), p.constant("index", std::move(index))}, {{"axis", p.integer("dim")}});
}

void narrow(OpPrinter& p) {
  const int64_t start = p.integer("start"), end = start + p.integer("length");
  p.result("Slice", {p.tensor("self"), p.integers("start", {start}), p.integers("end", {end}),
                     p.integers("axis", {p.integer("dim")})});
}

// Sizes before the split one are taken over (0); those after it must be known.
std::optional<Ints> splitSizes(const program::Shape& out, size_t dim) {
  Ints sizes;
  for (size_t i = 0; i < out.size(); ++i) {
    const auto known = out[i].constant();
    if (!known && i >= dim) return std::nullopt;
    sizes.push_back(known.value_or(0));
  }
  return sizes;
}

size_t splitDim(const Program& program, const Op& op) {
  const size_t rank = program.tensorType(tensorArgument(op, "self")).shape.size();
  return place(std::get<program::Dim>(argument(op, "dim")).constant().value(), rank);
}

void unflatten(OpPrinter& p) {
  const size_t dim = place(p.integer("dim"), p.shape("self").size());
  p.result("Reshape", {p.tensor("self"), p.integers("shape", *splitSizes(p.resultShape(), dim))});
}

Refusal refuseUnflatten(const Program& program, const Op& op) {
  const program::Shape& out = program.tensorType(op.results[0]).shape;
  if (splitSizes(out, splitDim(program, op))) return std::nullopt;
  return fmt::format("sizes of {} are only known at run time", program::text(out));
}

}  // namespace

Rows view() {
  return {{"narrow", {narrow}},
          {"select.int", {select}},
          {"transpose.int", {transpose}},
          {"unflatten.int", {unflatten, refuseUnflatten}}};
}

}  // namespace netwright::convert::onnx::rows
