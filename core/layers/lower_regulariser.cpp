// SPDX-License-Identifier: Apache-2.0
// l1: Σ |w|. l2: Σ w². orthogonal: Σ (W Wᵀ - 1)², W with a row for each output; of a tall W its columns instead.
#include "core/layers/lower_regulariser.h"

#include <fmt/format.h>

#include "core/base/pattern.h"

namespace netwright::layers {
namespace {

using program::Dim;
using program::Shape;
using program::ValueId;

ValueId penalty(program::Builder& b, const std::string& kind, ValueId weight) {
  if (kind != "orthogonal") return b.op("sum", {b.op(kind == "l1" ? "abs" : "square", {weight})});
  const Shape& shape = b.program().tensorType(weight).shape;
  const Dim rows = shape[0], columns = program::product(shape, 1);
  const ValueId w = shape.size() == 2 ? weight : b.op("reshape", {weight, Shape{rows, columns}});
  const ValueId turned = b.op("transpose.int", {w, Dim(0), Dim(1)});
  const bool tall = rows.constant().value_or(0) > columns.constant().value_or(0);
  const ValueId product = tall ? b.op("matmul", {turned, w}) : b.op("matmul", {w, turned});
  const Dim size = tall ? columns : rows;
  const ValueId one = b.op("tril", {b.op("triu", {b.op("full", {Shape{size, size}, 1.0, DType::DefaultFloat})})});
  return b.op("sum", {b.op("square", {b.op("sub.Tensor", {product, one})})});
}

}  // namespace

bool regularises(const std::string& kind, size_t dimensions) { return kind != "orthogonal" || dimensions >= 2; }

void lowerRegulariser(const RegulariserRequest& request, const std::vector<std::string>& frozen,
                      program::Builder& builder) {
  ValueId total;
  const auto states = builder.program().states;
  for (const program::State& s : states) {
    if (s.kind != program::StateKind::Parameter || firstMatch(s.name, frozen) < frozen.size() ||
        !matchesPattern(s.name, request.parameters) || !matchesPattern(s.name, request.trained) ||
        !regularises(request.kind, builder.program().tensorType(s.value).shape.size()))
      continue;
    builder.enter(
        {s.id.owner, request.kind, fmt::format("{} of '{}'", request.kind, s.name), Mode::Follow, program::Part::Loss});
    const ValueId one = penalty(builder, request.kind, s.value);
    total = total ? builder.op("add.Tensor", {total, one}) : one;
  }
  if (total) builder.loss({total, request.kind, request.weight, request.objective});
}

}  // namespace netwright::layers
