// SPDX-License-Identifier: Apache-2.0
// Mathematical functions of single values, and conversions of type.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void real(OpCall& call) { call.result({floatingOf(call.tensor("self").dtype), call.shape("self")}); }
void square(OpCall& call) {  // of a bool: as a power, which is a whole number
  const DType type = call.tensor("self").dtype;
  call.result({type == DType::Bool ? DType::Int64 : type, call.shape("self")});
}
void converted(OpCall& call) { call.result({*call.dtype("dtype"), call.shape("self")}); }

}  // namespace

std::vector<OpInfo> elementwise() {
  std::vector<OpInfo> rows;
  for (const char* name : {"acos",  "acosh", "asin",       "asinh", "atan", "atanh", "cos",    "cosh", "digamma",
                           "erf",   "erfc",  "erfinv",     "exp",   "exp2", "expm1", "lgamma", "log",  "log10",
                           "log1p", "log2",  "reciprocal", "rsqrt", "sin",  "sinc",  "sinh",   "sqrt", "tan"})
    rows.push_back(row((std::string("aten::") + name + "(Tensor self) -> Tensor").c_str(), real));
  for (const char* name : {"ceil", "floor", "neg", "round", "trunc"})
    rows.push_back(row((std::string("aten::") + name + "(Tensor self) -> Tensor").c_str(), sameAsNumberSelf));
  rows.push_back(row("aten::abs(Tensor self) -> Tensor", sameAsNumberSelf));
  rows.push_back(row("aten::detach(Tensor(a) self) -> Tensor(a)", sameAsSelf));
  rows.push_back(row("aten::frac(Tensor self) -> Tensor", sameAsFloatSelf));
  rows.push_back(row("aten::logit(Tensor self, float? eps=None) -> Tensor", real));
  rows.push_back(row("aten::nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor",
                     sameAsSelf));
  rows.push_back(row("aten::sign(Tensor self) -> Tensor", sameAsSelf));
  rows.push_back(row("aten::square(Tensor self) -> Tensor", square));
  rows.push_back(
      row("aten::to.dtype(Tensor(a) self, ScalarType dtype, bool non_blocking=False, bool copy=False, "
          "MemoryFormat? memory_format=None) -> Tensor(a)",
          converted));
  return rows;
}

}  // namespace netwright::program::ops
