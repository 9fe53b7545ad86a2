// SPDX-License-Identifier: Apache-2.0
// How far two vectors are from each other.
#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

// x1 · x2 / (|x1| |x2|), with lengths of at least eps.
void cosine(OpPrinter& p) {
  const Ints axis{p.integer("dim")};
  const std::string eps = p.number("eps", static_cast<float>(p.real("eps")));
  const auto unit = [&](const char* name) {
    const std::string length = p.reduce("ReduceL2", p.tensor(name), axis, true, std::string(name) + "_length");
    return p.node("Div", {p.tensor(name), p.node("Max", {length, eps}, std::string(name) + "_divisor")},
                  std::string(name) + "_unit");
  };
  const std::string first = unit("x1"), second = unit("x2");
  p.reduce("ReduceSum", p.node("Mul", {first, second}, "products"), axis, false, "");
}

// |x1 - x2 + eps| along the last dimension.
void pairwise(OpPrinter& p) {
  const std::string gap = p.node("Sub", {p.tensor("x1"), p.tensor("x2")}, "difference");
  const std::string moved = p.node("Add", {gap, p.number("eps", static_cast<float>(p.real("eps")))}, "moved");
  p.reduce(p.real("p") == 1 ? "ReduceL1" : "ReduceL2", moved, {-1}, p.flag("keepdim"), "");
}

Refusal refusePairwise(const Program&, const Op& op) {
  const double order = std::get<double>(argument(op, "p"));
  if (order == 1 || order == 2) return std::nullopt;
  return "only the norms of order 1 and 2 can be written";
}

}  // namespace

Rows distance() { return {{"cosine_similarity", {cosine}}, {"pairwise_distance", {pairwise, refusePairwise}}}; }

}  // namespace netwright::convert::onnx::rows
