// SPDX-License-Identifier: Apache-2.0
// Tensors from nothing: constants, ranges, random numbers, in the type of another tensor or of their own.
#include <cmath>

#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void sized(OpCall& call) { call.result({call.dtype("dtype").value_or(DType::DefaultFloat), call.ints("size")}); }
void newOfSize(OpCall& call) {
  call.result({call.dtype("dtype").value_or(call.tensor("self").dtype), call.ints("size")});
}
void like(OpCall& call) { call.result({call.dtype("dtype").value_or(call.tensor("self").dtype), call.shape("self")}); }
void floatLike(OpCall& call) {
  if (call.given("dtype") || requireFloat(call, "self")) like(call);
}
void range(OpCall& call) {
  // Where the result is whole so are the bounds before anything is counted.
  const bool asWhole = call.dtype("dtype") == DType::Int64;
  const auto bound = [&](const char* name) { return asWhole ? std::trunc(call.number(name)) : call.number(name); };
  const double start = bound("start"), end = bound("end"), step = bound("step");
  if (!requireParam(call, step != 0, "step", "must not be 0") ||
      !requireParam(call, (end - start) * step >= 0, "step", "leads away from end"))
    return;
  const bool whole = call.isWhole("start") && call.isWhole("end") && call.isWhole("step");
  call.result({call.dtype("dtype").value_or(whole ? DType::Int64 : DType::DefaultFloat),
               {Dim(static_cast<int64_t>(std::ceil((end - start) / step)))}});
}

}  // namespace

std::vector<OpInfo> source() {
  constexpr const char* kRest =
      ", *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
      "pin_memory=None) -> Tensor";
  constexpr const char* kLike =
      ", *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
      "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor";
  const auto of = [](const std::string& head, const char* tail, void (*infer)(OpCall&)) {
    OpInfo info = row((head + tail).c_str(), infer);
    info.differentiable = false;
    return info;
  };
  const auto random = [](OpInfo info) {
    info.random = true;
    return info;
  };
  return {of("aten::arange.start_step(Scalar start, Scalar end, Scalar step=1", kRest, range),
          of("aten::full(SymInt[] size, Scalar fill_value", kRest, sized),
          of("aten::full_like(Tensor self, Scalar fill_value", kLike, like),
          of("aten::new_full(Tensor self, SymInt[] size, Scalar fill_value", kRest, newOfSize),
          of("aten::new_zeros(Tensor self, SymInt[] size", kRest, newOfSize),
          random(of("aten::rand(SymInt[] size", kRest, sized)),
          random(of("aten::rand_like(Tensor self", kLike, floatLike)),
          random(of("aten::randn(SymInt[] size", kRest, sized)),
          random(of("aten::randn_like(Tensor self", kLike, floatLike))};
}

}  // namespace netwright::program::ops
