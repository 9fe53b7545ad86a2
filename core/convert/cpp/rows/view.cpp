// SPDX-License-Identifier: Apache-2.0
// Parts of a tensor, and its dimensions in another order.
#include "core/convert/cpp/rows.h"

namespace netwright::convert::cpp::rows {
namespace {

using program::Dim;
using program::Op;
using program::Program;
using program::Shape;

void swapDimensions(OpPrinter& p) {
  const Shape& shape = p.shape("self");
  size_t a = place(p.integer("dim0"), shape.size()), b = place(p.integer("dim1"), shape.size());
  if (a > b) std::swap(a, b);
  const std::string x = p.tensor("self"), y = p.result();
  if (a == b) return p.call("arrange", "place", {x, y, "1", count(shape), count(shape), "0"});
  p.call("arrange", "swapDimensions",
         {x, y, count(shape, 0, a), text(shape[a]), count(shape, a + 1, b), text(shape[b]), count(shape, b + 1)});
}

void part(OpPrinter& p, int64_t start, const std::string& length) {
  const Shape& shape = p.shape("self");
  const size_t dim = place(p.integer("dim"), shape.size());
  const Dim first = start < 0 ? shape[dim] + Dim(start) : Dim(start);
  const std::string x = p.tensor("self"), y = p.result();
  p.call("arrange", "part", {x, y, count(shape, 0, dim), text(shape[dim]), count(shape, dim + 1), text(first), length});
}

// What only a batch can tell is not checked by the code that is written.
Refusal refuseOpen(const Program& program, const Op& op) {
  const Shape& shape = program.tensorType(tensorArgument(op, "self")).shape;
  const size_t dim = place(std::get<Dim>(argument(op, "dim")).constant().value(), shape.size());
  if (shape[dim].constant()) return std::nullopt;
  return "it takes a part of a dimension whose size is only known at run time";
}

}  // namespace

Rows view() {
  return {
      {"narrow", {[](OpPrinter& p) { part(p, p.integer("start"), std::to_string(p.integer("length"))); }, refuseOpen}},
      {"select.int", {[](OpPrinter& p) { part(p, p.integer("index"), "1"); }, refuseOpen}},
      {"transpose.int", {swapDimensions}}};
}

}  // namespace netwright::convert::cpp::rows
