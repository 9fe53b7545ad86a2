// SPDX-License-Identifier: Apache-2.0
#include "core/program/promotion.h"

#include <array>
#include <optional>

namespace netwright::program {
namespace {

enum class Kind { Bool, Whole, Floating };

Kind kindOf(DType t) { return t == DType::Bool ? Kind::Bool : isFloating(t) ? Kind::Floating : Kind::Whole; }

// The smallest type that holds both, of whatever standing. DefaultFloat lies between float32 and float64.
DType both(DType a, DType b) {
  if (a == b) return a;
  if (kindOf(a) != kindOf(b)) return kindOf(a) > kindOf(b) ? a : b;
  if (kindOf(a) == Kind::Floating) {
    constexpr std::array kOrder{DType::Float64, DType::DefaultFloat, DType::Float32};
    for (const DType t : kOrder)
      if (a == t || b == t) return t;
    return DType::Float32;  // float16 and bfloat16 hold each other's values in neither
  }
  if (a == DType::UInt8 || b == DType::UInt8) {
    const DType other = a == DType::UInt8 ? b : a;
    return other == DType::Int8 ? DType::Int16 : other;
  }
  return byteSize(a) > byteSize(b) ? a : b;
}

using Maybe = std::optional<DType>;

Maybe join(Maybe a, Maybe b) { return a && b ? both(*a, *b) : a ? a : b; }

// `lower` counts only where it is of a higher kind.
Maybe combine(Maybe higher, Maybe lower) {
  if (!higher || !lower) return higher ? higher : lower;
  return kindOf(*lower) > kindOf(*higher) ? join(higher, lower) : higher;
}

}  // namespace

DType promoted(const std::vector<Operand>& operands) {
  std::array<Maybe, 3> results;
  for (const Operand& o : operands) {
    const bool real = o.standing == Standing::Scalar && isFloating(o.dtype);
    Maybe& result = results[static_cast<size_t>(o.standing)];
    result = join(result, real ? DType::DefaultFloat : o.dtype);
  }
  return combine(results[0], combine(results[1], results[2])).value();
}

DType promoted(const TensorType& a, const TensorType& b) {
  const auto operand = [](const TensorType& t) {
    return Operand{t.dtype, t.shape.empty() ? Standing::ZeroDim : Standing::Dimensioned};
  };
  return promoted({operand(a), operand(b)});
}

DType resolved(DType type, DType defaultFloat) { return type == DType::DefaultFloat ? defaultFloat : type; }

}  // namespace netwright::program
