// SPDX-License-Identifier: Apache-2.0
// Element types that core infers against at::result_type, on every pair of types and standings.
#include "core/program/promotion.h"

#include <ATen/ops/result_type.h>
#include <ATen/ops/zeros.h>
#include <c10/core/DefaultDtype.h>
#include <gtest/gtest.h>

#include <array>

#include "core/engine/tensor.h"

namespace netwright::engine {
namespace {

using program::Operand;
using program::Standing;

constexpr std::array kTypes{DType::DefaultFloat, DType::Float32, DType::Float64, DType::Float16,
                            DType::BFloat16,     DType::Int8,    DType::Int16,   DType::Int32,
                            DType::Int64,        DType::UInt8,   DType::Bool};
constexpr std::array kStandings{Standing::Dimensioned, Standing::ZeroDim, Standing::Scalar};

// A program's float type for as long as it lives.
class DefaultFloat {
 public:
  explicit DefaultFloat(DType type) : before_(c10::get_default_dtype()) {
    c10::set_default_dtype(c10::scalarTypeToTypeMeta(torchType(type)));
  }
  ~DefaultFloat() { c10::set_default_dtype(before_); }

 private:
  caffe2::TypeMeta before_;
};

bool isScalarType(DType t) { return t == DType::DefaultFloat || t == DType::Int64 || t == DType::Bool; }

at::Scalar scalar(DType t) {
  if (t == DType::Bool) return true;
  return t == DType::Int64 ? at::Scalar(int64_t{1}) : at::Scalar(1.5);
}

at::Tensor tensor(const Operand& o, DType defaultFloat) {
  const at::ScalarType type = torchType(program::resolved(o.dtype, defaultFloat));
  return at::zeros(o.standing == Standing::ZeroDim ? std::vector<int64_t>{} : std::vector<int64_t>{2}, type);
}

at::ScalarType real(const Operand& a, const Operand& b, DType defaultFloat) {
  const bool sa = a.standing == Standing::Scalar, sb = b.standing == Standing::Scalar;
  if (sa && sb) return at::result_type(scalar(a.dtype), scalar(b.dtype));
  if (sa) return at::result_type(scalar(a.dtype), tensor(b, defaultFloat));
  if (sb) return at::result_type(tensor(a, defaultFloat), scalar(b.dtype));
  return at::result_type(tensor(a, defaultFloat), tensor(b, defaultFloat));
}

TEST(Promotion, EqualsResultTypeOnAllPairs) {
  int pairs = 0;
  for (const DType defaultFloat : {DType::Float32, DType::Float64}) {
    const DefaultFloat scope(defaultFloat);
    for (const DType x : kTypes)
      for (const DType y : kTypes)
        for (const Standing s : kStandings)
          for (const Standing t : kStandings) {
            const Operand a{x, s}, b{y, t};
            if ((s == Standing::Scalar && !isScalarType(x)) || (t == Standing::Scalar && !isScalarType(y))) continue;
            const DType ours = program::resolved(program::promoted({a, b}), defaultFloat);
            EXPECT_EQ(torchType(ours), real(a, b, defaultFloat))
                << name(x) << " standing " << static_cast<int>(s) << " and " << name(y) << " standing "
                << static_cast<int>(t) << " with " << name(defaultFloat) << ": we say " << name(ours);
            ++pairs;
          }
  }
  EXPECT_EQ(pairs, 2 * (22 + 3) * (22 + 3));
}

TEST(Promotion, TakesTheStandingFromTheShape) {
  EXPECT_EQ(program::promoted({DType::Int64, {3}}, {DType::Float32, {3}}), DType::Float32);
  EXPECT_EQ(program::promoted({DType::Float32, {3}}, {DType::Float64, {}}), DType::Float32);
  EXPECT_EQ(program::promoted({DType::DefaultFloat, {3}}, {DType::Int64, {3}}), DType::DefaultFloat);
}

}  // namespace
}  // namespace netwright::engine
