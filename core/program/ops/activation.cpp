// SPDX-License-Identifier: Apache-2.0
// Functions of single values, and those along one dimension that serve as activations.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void alongDim(OpCall& call) {
  if (requireFloat(call, "self") && requireDim(call, call.integer("dim"), call.shape("self"))) sameAsSelf(call);
}

// One half gates the other.
void glu(OpCall& call) {
  if (!requireFloat(call, "self")) return;
  TensorType out = call.tensor("self");
  const auto dim = requireDim(call, call.integer("dim"), out.shape);
  if (!dim) return;
  const Dim half = floorDiv(out.shape[*dim], Dim(2));
  if (!call.requireEqual(half * Dim(2), out.shape[*dim], "NW-S042",
                         {{"dim", std::to_string(*dim)}, {"shape", text(out.shape)}, {"factor", "2"}}))
    return;
  out.shape[*dim] = half;
  call.result(std::move(out));
}

// One slope for all, or one for each channel (dimension 1).
void prelu(OpCall& call) {
  if (!requireFloat(call, "self")) return;
  if (call.shape("weight").size() > 1)
    return call.fail("NW-S033",
                     {{"port", "weight"}, {"expected", "one dimension"}, {"received", text(call.shape("weight"))}});
  const Dim slopes = product(call.shape("weight"));
  const Shape& x = call.shape("self");
  const Dim channels = x.size() < 2 ? Dim(1) : x[1];
  if (!(slopes == Dim(1)) &&
      !call.requireEqual(slopes, channels, "NW-S004", {{"expected", slopes.text()}, {"received", channels.text()}}))
    return;
  sameAsSelf(call);
}

void gelu(OpCall& call) {
  const std::string kind = call.text("approximate");
  if (requireParam(call, kind == "none" || kind == "tanh", "approximate", "must be none or tanh"))
    sameAsFloatSelf(call);
}
void shrink(OpCall& call) {
  if (requireParam(call, call.number("lambd") >= 0, "lambd", "must be at least 0")) sameAsFloatSelf(call);
}

void rrelu(OpCall& call) {
  if (requireFloat(call, "self") &&
      requireParam(call, call.number("lower") <= call.number("upper"), "lower", "must not be more than upper"))
    sameAsSelf(call);
}

}  // namespace

std::vector<OpInfo> activation() {
  OpInfo randomised =
      row("aten::rrelu(Tensor self, Scalar lower=0.125, Scalar upper=0.33333333333333331, bool training=False, "
          "Generator? generator=None) -> Tensor",
          rrelu);
  randomised.random = true;
  return {
      row("aten::celu(Tensor self, Scalar alpha=1.) -> Tensor", sameAsFloatSelf),
      row("aten::elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor", sameAsFloatSelf),
      row("aten::gelu(Tensor self, *, str approximate=\"none\") -> Tensor", gelu),
      row("aten::glu(Tensor self, int dim=-1) -> Tensor", glu),
      row("aten::hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor", sameAsFloatSelf),
      row("aten::hardsigmoid(Tensor self) -> Tensor", sameAsFloatSelf),
      row("aten::hardswish(Tensor self) -> Tensor", sameAsFloatSelf),
      row("aten::hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor", sameAsFloatSelf),
      row("aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor", sameAsFloatSelf),
      row("aten::log_sigmoid(Tensor self) -> Tensor", sameAsFloatSelf),
      row("aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", alongDim),
      row("aten::mish(Tensor self) -> Tensor", sameAsFloatSelf),
      row("aten::prelu(Tensor self, Tensor weight) -> Tensor", prelu),
      row("aten::relu(Tensor self) -> Tensor", sameAsNumberSelf),
      row("aten::relu6(Tensor self) -> Tensor", sameAsFloatSelf),
      randomised,
      row("aten::selu(Tensor self) -> Tensor", sameAsFloatSelf),
      row("aten::sigmoid(Tensor self) -> Tensor", sameAsFloatSelf),
      row("aten::silu(Tensor self) -> Tensor", sameAsFloatSelf),
      row("aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", alongDim),
      row("aten::softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor", sameAsFloatSelf),
      row("aten::softshrink(Tensor self, Scalar lambd=0.5) -> Tensor", shrink),
      row("aten::tanh(Tensor self) -> Tensor", sameAsFloatSelf),
      row("aten::threshold(Tensor self, Scalar threshold, Scalar value) -> Tensor", sameAsFloatSelf)};
}

}  // namespace netwright::program::ops
