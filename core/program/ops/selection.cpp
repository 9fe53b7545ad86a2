// SPDX-License-Identifier: Apache-2.0
// Values chosen by indices, by conditions or by their place.
#include "core/program/promotion.h"
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

bool requireIndices(OpCall& call, const char* argument) {
  if (call.tensor(argument).dtype == DType::Int64) return true;
  call.fail("NW-S007", {{"expected", "int64 (indices)"}, {"received", name(call.tensor(argument).dtype)}});
  return false;
}
bool requireBool(OpCall& call, const char* argument) {
  if (call.tensor(argument).dtype == DType::Bool) return true;
  call.fail("NW-S007", {{"expected", "bool (a condition)"}, {"received", name(call.tensor(argument).dtype)}});
  return false;
}

// `index` has as many dimensions as `of` and is nowhere larger, but for `dim`.
bool requireWithin(OpCall& call, const Shape& index, const Shape& of, size_t dim, const char* port) {
  const std::map<std::string, std::string> args{
      {"port", port},
      {"expected", text(of) + ", any size in dimension " + std::to_string(dim)},
      {"received", text(index)}};
  bool fits = index.size() == of.size();
  for (size_t i = 0; fits && i < index.size(); ++i) fits = i == dim || of[i].atLeast(index[i]) != Answer::No;
  if (!fits) call.fail("NW-S033", args);
  return fits;
}

void gather(OpCall& call) {
  if (!requireIndices(call, "index")) return;
  const Shape &x = call.shape("self"), &index = call.shape("index");
  const auto dim = requireDim(call, call.integer("dim"), x);
  if (dim && requireWithin(call, index, x, *dim, "index")) call.result({call.tensor("self").dtype, index});
}

// Values of src to where index says, along dim.
void scatter(OpCall& call) {
  if (!requireIndices(call, "index")) return;
  const TensorType &x = call.tensor("self"), &src = call.tensor("src");
  const auto dim = requireDim(call, call.integer("dim"), x.shape);
  if (!dim || !requireWithin(call, call.shape("index"), x.shape, *dim, "index")) return;
  const Shape& index = call.shape("index");
  bool enough = src.shape.size() == index.size();
  for (size_t i = 0; enough && i < index.size(); ++i) enough = src.shape[i].atLeast(index[i]) != Answer::No;
  if (!enough || src.dtype != x.dtype)
    return call.fail("NW-S033", {{"port", "src"},
                                 {"expected", text(ValueType(TensorType{x.dtype, index})) + " or larger"},
                                 {"received", text(ValueType(src))}});
  call.result(x);
}

void indexSelect(OpCall& call) {
  if (!requireIndices(call, "index")) return;
  TensorType out = call.tensor("self");
  const auto dim = requireDim(call, call.integer("dim"), out.shape);
  if (!dim) return;
  const Shape& index = call.shape("index");
  if (index.size() > 1)
    return call.fail("NW-S033", {{"port", "index"}, {"expected", "one dimension"}, {"received", text(index)}});
  out.shape[*dim] = index.empty() ? Dim(1) : index[0];
  call.result(std::move(out));
}

void where(OpCall& call) {
  if (!requireBool(call, "condition")) return;
  const auto values = broadcastOf(call, "self", "other");
  if (!values) return;
  if (auto out = broadcast(call, call.shape("condition"), *values, "NW-S040"))
    call.result({promoted(call.tensor("self"), call.tensor("other")), std::move(*out)});
}

void maskedFill(OpCall& call) {
  if (!requireBool(call, "mask")) return;
  if (auto out = broadcastOf(call, "self", "mask")) call.result({call.tensor("self").dtype, std::move(*out)});
}

// The part above or below a diagonal of the last two dimensions.
void triangle(OpCall& call) {
  if (requireRank(call, "self", 2, 16, "*, H, W")) sameAsSelf(call);
}

void oneHot(OpCall& call) {
  if (!requireIndices(call, "self")) return;
  const int64_t classes = call.integer("num_classes");
  if (!requireParam(call, classes >= 1, "num_classes", "must be at least 1")) return;
  Shape out = call.shape("self");
  out.emplace_back(classes);
  call.result({DType::Int64, out});
}

}  // namespace

std::vector<OpInfo> selection() {
  OpInfo hot = row("aten::one_hot(Tensor self, int num_classes=-1) -> Tensor", oneHot);
  hot.differentiable = false;
  OpInfo add = row("aten::scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor", scatter);
  return {hot,
          add,
          row("aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor", gather),
          row("aten::index_select(Tensor self, int dim, Tensor index) -> Tensor", indexSelect),
          row("aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor", maskedFill),
          row("aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor", scatter),
          row("aten::tril(Tensor self, SymInt diagonal=0) -> Tensor", triangle),
          row("aten::triu(Tensor self, SymInt diagonal=0) -> Tensor", triangle),
          row("aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor", where)};
}

}  // namespace netwright::program::ops
