// SPDX-License-Identifier: Apache-2.0
// Many values made into one, along dimensions; and what runs along one: sums so far, order.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

// The shape without the dimensions of "dim"; nothing after a complaint.
std::optional<Shape> left(OpCall& call, const Shape& shape) {
  const auto gone = requireDims(call, "dim", shape);
  if (!gone) return std::nullopt;
  return reduced(shape, *gone, call.flag("keepdim"));
}
// The same with at least one value where something must be chosen.
std::optional<Shape> chosen(OpCall& call) {
  const Shape& x = call.shape("self");
  if (!requireParam(call, call.given("dim"), "dim", "must be given: the dimension to look along")) return std::nullopt;
  const auto gone = requireDims(call, "dim", x);
  if (!gone) return std::nullopt;
  for (size_t i = 0; i < x.size(); ++i)
    if ((*gone)[i] && x[i].atLeast(1) == Answer::No) {
      call.fail("NW-S044", {{"dim", std::to_string(i)}, {"shape", text(x)}});
      return std::nullopt;
    }
  return reduced(x, *gone, call.flag("keepdim"));
}

// A mean is no whole number.
bool requireMeanType(OpCall& call) {
  const auto wanted = call.dtype("dtype");
  if (!wanted) return requireFloat(call, "self");
  return requireParam(call, isFloating(*wanted), "dtype", "must be floating: a mean is no whole number");
}
void mean(OpCall& call) {
  if (!requireMeanType(call)) return;
  if (auto shape = left(call, call.shape("self")))
    call.result({call.dtype("dtype").value_or(call.tensor("self").dtype), *shape});
}
// Sums of whole numbers and bools are int64.
DType summed(const OpCall& call) {
  const DType own = call.tensor("self").dtype;
  return call.dtype("dtype").value_or(isFloating(own) ? own : DType::Int64);
}
void sum(OpCall& call) {
  if (auto shape = left(call, call.shape("self"))) call.result({summed(call), *shape});
}
void prod(OpCall& call) { sum(call); }
void sumOfAll(OpCall& call) { call.result({summed(call), {}}); }
void meanOfAll(OpCall& call) {
  if (requireMeanType(call)) call.result({call.dtype("dtype").value_or(call.tensor("self").dtype), {}});
}
void real(OpCall& call) {  // variance and the like
  if (!requireFloat(call, "self")) return;
  if (auto shape = left(call, call.shape("self"))) call.result({call.tensor("self").dtype, *shape});
}
void logSumExp(OpCall& call) {
  if (auto shape = left(call, call.shape("self"))) call.result({floatingOf(call.tensor("self").dtype), *shape});
}
void extreme(OpCall& call) {
  if (auto shape = chosen(call)) call.result({call.tensor("self").dtype, *shape});
}
void extremeWithIndex(OpCall& call) {
  const auto shape = chosen(call);
  if (!shape) return;
  call.result({call.tensor("self").dtype, *shape});
  call.result({DType::Int64, *shape});
}
void median(OpCall& call) {
  if (requireNumber(call, "self")) extremeWithIndex(call);
}
void argument(OpCall& call) {
  if (!requireNumber(call, "self")) return;
  if (auto shape = chosen(call)) call.result({DType::Int64, *shape});
}
void yesNo(OpCall& call) {
  if (auto shape = left(call, call.shape("self")))
    call.result({call.tensor("self").dtype == DType::UInt8 ? DType::UInt8 : DType::Bool, *shape});
}
void norm(OpCall& call) {
  if (!requireFloat(call, "self")) return;
  if (auto shape = left(call, call.shape("self")))
    call.result({call.dtype("dtype").value_or(call.tensor("self").dtype), *shape});
}

bool requireOneDim(OpCall& call) {
  const Shape& x = call.shape("self");
  if (x.empty() && (call.integer("dim") == 0 || call.integer("dim") == -1)) return true;
  return requireDim(call, call.integer("dim"), x).has_value();
}
void cumulative(OpCall& call) {
  if (requireOneDim(call)) call.result({summed(call), call.shape("self")});
}
void cumulativeLog(OpCall& call) {
  if (requireFloat(call, "self") && requireOneDim(call)) sameAsSelf(call);
}
void withPlaces(OpCall& call) {  // values and where they came from
  if (!requireOneDim(call)) return;
  sameAsSelf(call);
  call.result({DType::Int64, call.shape("self")});
}
void places(OpCall& call) {
  if (requireOneDim(call)) call.result({DType::Int64, call.shape("self")});
}
void topk(OpCall& call) {
  if (!requireNumber(call, "self") || !requireOneDim(call)) return;
  TensorType out = call.tensor("self");
  const int64_t k = call.integer("k");
  if (!out.shape.empty()) {
    Dim& size = out.shape[*requireDim(call, call.integer("dim"), out.shape)];
    if (!requireParam(call, k >= 0 && size.atLeast(Dim(k)) != Answer::No, "k",
                      "is " + std::to_string(k) + ", but there are " + size.text() + " values to choose from"))
      return;
    size = k;
  } else if (!requireParam(call, k == 0 || k == 1, "k", "must be at most 1 for a single number")) {
    return;
  }
  call.result(out);
  call.result({DType::Int64, out.shape});
}

}  // namespace

std::vector<OpInfo> reduction() {
  const auto flat = [](OpInfo info) {
    info.differentiable = false;
    return info;
  };
  return {
      flat(row("aten::all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor", yesNo)),
      row("aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor", extreme),
      row("aten::amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor", extreme),
      flat(row("aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor", yesNo)),
      flat(row("aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", argument)),
      flat(row("aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", argument)),
      flat(row("aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor", places)),
      row("aten::cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)", withPlaces),
      row("aten::cummin(Tensor self, int dim) -> (Tensor values, Tensor indices)", withPlaces),
      row("aten::cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", cumulative),
      row("aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", cumulative),
      row("aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? "
          "dtype=None) -> Tensor",
          norm),
      row("aten::logcumsumexp(Tensor self, int dim) -> Tensor", cumulativeLog),
      row("aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor", logSumExp),
      row("aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
          extremeWithIndex),
      row("aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor", meanOfAll),
      row("aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor", mean),
      row("aten::median.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)", median),
      row("aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
          extremeWithIndex),
      row("aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor", prod),
      row("aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)", withPlaces),
      row("aten::std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> "
          "Tensor",
          real),
      row("aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor", sumOfAll),
      row("aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
          sum),
      row("aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, "
          "Tensor indices)",
          topk),
      row("aten::var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> "
          "Tensor",
          real)};
}

}  // namespace netwright::program::ops
