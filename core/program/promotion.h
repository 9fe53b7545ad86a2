// SPDX-License-Identifier: Apache-2.0
// Which element type comes out where operands differ: ATen's rules. A type of a higher kind (bool, whole, floating)
// wins; among types of one kind tensors with dimensions decide before tensors without, and these before plain numbers.
// Used by the shape rules of arithmetic.
#pragma once

#include <vector>

#include "core/program/type.h"

namespace netwright::program {

enum class Standing { Dimensioned, ZeroDim, Scalar };

struct Operand {
  DType dtype;
  Standing standing = Standing::Dimensioned;
};

// DefaultFloat stays DefaultFloat: it stands for float32 or float64 until the program is planned, and every answer
// holds for both. A real number (a Scalar that is floating) is DefaultFloat whatever its dtype.
DType promoted(const std::vector<Operand>& operands);
DType promoted(const TensorType& a, const TensorType& b);
// What a type is once the run's float type is known.
DType resolved(DType type, DType defaultFloat);

}  // namespace netwright::program
