// SPDX-License-Identifier: Apache-2.0
// Arithmetic of two tensors, or of a tensor and a number.
#include "core/program/promotion.h"
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

// Sizes broadcast, types are promoted. `code` explains sizes that do not fit.
std::optional<TensorType> both(OpCall& call, const char* second, const char* code) {
  auto out = broadcastOf(call, "self", second, code);
  if (!out) return std::nullopt;
  return TensorType{promoted(call.tensor("self"), call.tensor(second)), std::move(*out)};
}
void give(OpCall& call, std::optional<TensorType> type) {
  if (type) call.result(std::move(*type));
}

void add(OpCall& call) { give(call, both(call, "other", "NW-S005")); }
void multiply(OpCall& call) { give(call, both(call, "other", "NW-S021")); }
void binary(OpCall& call) { give(call, both(call, "other", "NW-S040")); }

// Bools cannot be subtracted.
void subtract(OpCall& call) {
  const bool bools = call.tensor("self").dtype == DType::Bool || call.tensor("other").dtype == DType::Bool;
  if (bools) return call.fail("NW-S007", {{"expected", "a number"}, {"received", "bool"}});
  binary(call);
}
void power(OpCall& call) {
  const bool bools = call.tensor("self").dtype == DType::Bool && call.tensor("exponent").dtype == DType::Bool;
  if (bools) return call.fail("NW-S007", {{"expected", "a number"}, {"received", "bool"}});
  give(call, both(call, "exponent", "NW-S040"));
}
// Division of whole numbers gives a real one.
void divide(OpCall& call) {
  auto out = both(call, "other", "NW-S040");
  if (out) call.result({floatingOf(out->dtype), out->shape});
}
void divideRounded(OpCall& call) {
  auto out = both(call, "other", "NW-S040");
  if (!out) return;
  if (!call.given("rounding_mode")) return call.result({floatingOf(out->dtype), out->shape});
  if (out->dtype == DType::Bool) return call.fail("NW-S007", {{"expected", "a number"}, {"received", "bool"}});
  call.result(std::move(*out));
}
void remainderOf(OpCall& call) {
  auto out = both(call, "other", "NW-S040");
  if (out && out->dtype == DType::Bool) return call.fail("NW-S007", {{"expected", "a number"}, {"received", "bool"}});
  give(call, std::move(out));
}
void realOfBoth(OpCall& call) {  // atan2 and the like
  auto out = both(call, "other", "NW-S040");
  if (out) call.result({floatingOf(out->dtype), out->shape});
}
// Only for real numbers.
void floatsOnly(OpCall& call) {
  if (requireFloat(call, "self") && requireFloat(call, "other")) binary(call);
}

// The type of a tensor and a number: a real number makes whole ones real.
DType withScalar(const OpCall& call, const char* scalar) {
  const TensorType& x = call.tensor("self");
  return promoted({{x.dtype, x.shape.empty() ? Standing::ZeroDim : Standing::Dimensioned},
                   {call.isWhole(scalar) ? DType::Int64 : DType::DefaultFloat, Standing::Scalar}});
}
void scalar(OpCall& call) { call.result({withScalar(call, "other"), call.shape("self")}); }
void subtractScalar(OpCall& call) {
  if (requireNumber(call, "self")) scalar(call);
}
void divideScalar(OpCall& call) { call.result({floatingOf(withScalar(call, "other")), call.shape("self")}); }
void powerScalar(OpCall& call) { call.result({withScalar(call, "exponent"), call.shape("self")}); }
void clamp(OpCall& call) {
  if (!requireParam(call, call.given("min") || call.given("max"), "min", "and max are both none: give at least one"))
    return;
  DType type = call.tensor("self").dtype;
  for (const char* bound : {"min", "max"})
    if (call.given(bound) && !isFloating(type)) type = withScalar(call, bound);
  call.result({type, call.shape("self")});
}
void lerp(OpCall& call) {
  if (!requireFloat(call, "self") || !requireFloat(call, "end")) return;
  if (auto out = broadcastOf(call, "self", "end")) call.result({call.tensor("self").dtype, std::move(*out)});
}

// What is written must fit into what is there.
void intoSelf(OpCall& call) {
  const TensorType self = call.tensor("self");
  for (const char* argument : {"other", "end", "weight", "src"}) {
    if (!call.knows(argument)) continue;
    const auto out = broadcastOf(call, "self", argument);
    if (!out) return;
    if (*out != self.shape || promoted(self, call.tensor(argument)) != self.dtype)
      return call.fail("NW-S033", {{"port", argument},
                                   {"expected", text(ValueType(self))},
                                   {"received", text(ValueType(call.tensor(argument)))}});
  }
  call.result(self);
}

}  // namespace

std::vector<OpInfo> arithmetic() {
  OpInfo count = row("aten::add_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)", sameAsSelf);
  count.mutates = {"self"};
  count.differentiable = false;
  OpInfo add_ = row("aten::add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)", intoSelf);
  OpInfo lerp_ = row("aten::lerp_.Tensor(Tensor(a!) self, Tensor end, Tensor weight) -> Tensor(a!)", intoSelf);
  OpInfo copy_ = row("aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)", intoSelf);
  add_.mutates = lerp_.mutates = copy_.mutates = {"self"};
  add_.differentiable = lerp_.differentiable = copy_.differentiable = false;
  return {count,
          add_,
          copy_,
          lerp_,
          row("aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor", scalar),
          row("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", add),
          row("aten::atan2(Tensor self, Tensor other) -> Tensor", realOfBoth),
          row("aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor", clamp),
          row("aten::div.Scalar(Tensor self, Scalar other) -> Tensor", divideScalar),
          row("aten::div.Tensor(Tensor self, Tensor other) -> Tensor", divide),
          row("aten::div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor", divideRounded),
          row("aten::fmod.Tensor(Tensor self, Tensor other) -> Tensor", remainderOf),
          row("aten::hypot(Tensor self, Tensor other) -> Tensor", floatsOnly),
          row("aten::lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor", lerp),
          row("aten::logaddexp(Tensor self, Tensor other) -> Tensor", floatsOnly),
          row("aten::maximum(Tensor self, Tensor other) -> Tensor", binary),
          row("aten::minimum(Tensor self, Tensor other) -> Tensor", binary),
          row("aten::mul.Scalar(Tensor self, Scalar other) -> Tensor", scalar),
          row("aten::mul.Tensor(Tensor self, Tensor other) -> Tensor", multiply),
          row("aten::pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor", powerScalar),
          row("aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor", power),
          row("aten::remainder.Tensor(Tensor self, Tensor other) -> Tensor", remainderOf),
          row("aten::rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor", subtractScalar),
          row("aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor", subtractScalar),
          row("aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", subtract),
          row("aten::xlogy.Tensor(Tensor self, Tensor other) -> Tensor", realOfBoth)};
}

}  // namespace netwright::program::ops
