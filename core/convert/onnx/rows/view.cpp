// SPDX-License-Identifier: Apache-2.0
// Parts of a tensor, and its dimensions in another order or split.
#include <fmt/format.h>

#include <limits>
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

void permute(OpPrinter& p) {
  Ints perm = p.ints("dims");
  for (int64_t& dim : perm) dim = static_cast<int64_t>(place(dim, perm.size()));
  p.result("Transpose", {p.tensor("self")}, {{"perm", perm}});
}

void unsqueeze(OpPrinter& p) { p.result("Unsqueeze", {p.tensor("self"), p.integers("axes", {p.integer("dim")})}); }

void squeeze(OpPrinter& p) {
  if (p.resultShape().size() == p.shape("self").size()) return p.sameAs("self");
  p.result("Squeeze", {p.tensor("self"), p.integers("axes", {p.integer("dim")})});
}

// The sizes for Expand, where 1 keeps what is there; nullopt if a new one is only known at run time.
std::optional<Ints> expandedSizes(const program::Shape& in, const program::Shape& out) {
  Ints sizes;
  for (size_t i = 0; i < out.size(); ++i) {
    const size_t fresh = out.size() - in.size();
    if (i >= fresh && in[i - fresh] == out[i])
      sizes.push_back(1);
    else if (const auto known = out[i].constant())
      sizes.push_back(*known);
    else
      return std::nullopt;
  }
  return sizes;
}

void expand(OpPrinter& p) {
  p.result("Expand", {p.tensor("self"), p.integers("shape", *expandedSizes(p.shape("self"), p.resultShape()))});
}

Refusal refuseExpand(const Program& program, const Op& op) {
  const program::Shape &in = program.tensorType(tensorArgument(op, "self")).shape,
                       &out = program.tensorType(op.results[0]).shape;
  if (expandedSizes(in, out)) return std::nullopt;
  return fmt::format("sizes of {} are only known at run time", program::text(out));
}

void slice(OpPrinter& p) {
  const int64_t start = p.none("start") ? 0 : p.integer("start");
  const int64_t end = p.none("end") ? std::numeric_limits<int64_t>::max() : p.integer("end");
  p.result("Slice", {p.tensor("self"), p.integers("start", {start}), p.integers("end", {end}),
                     p.integers("axis", {p.integer("dim")}), p.integers("step", {p.integer("step")})});
}

void stack(OpPrinter& p) {
  const std::string axes = p.integers("axes", {p.integer("dim")});
  std::vector<std::string> parts;
  for (const std::string& x : p.list("tensors")) parts.push_back(p.node("Unsqueeze", {x, axes}, "part"));
  p.result("Concat", parts, {{"axis", p.integer("dim")}});
}

}  // namespace

Rows view() {
  return {{"expand", {expand, refuseExpand}},
          {"narrow", {narrow}},
          {"permute", {permute}},
          {"select.int", {select}},
          {"slice.Tensor", {slice}},
          {"squeeze.dim", {squeeze}},
          {"stack", {stack}},
          {"transpose.int", {transpose}},
          {"unflatten.int", {unflatten, refuseUnflatten}},
          {"unsqueeze", {unsqueeze}}};
}

}  // namespace netwright::convert::onnx::rows
