// SPDX-License-Identifier: Apache-2.0
// Arrays in NumPy's NPY format, versions 1 to 3: any order, byte order and kind of number; never Python objects.
// Layout: numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Used by the NumPy source.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/host_tensor.h"

namespace netwright::data {

// A view of the bytes it was parsed from.
struct NpyArray {
  std::string name;  // for messages
  char kind = 'f';   // b bool, i signed, u unsigned, f float
  int size = 4;      // bytes of an element
  bool bigEndian = false, fortran = false;
  std::vector<int64_t> shape;
  std::string_view data;

  bool isFloating() const { return kind == 'f'; }
  int64_t count() const { return elementCount(shape); }
};

// Throws Error{Input} for whatever is not exactly such an array; objects, texts and complex numbers are refused by
// name.
NpyArray parseNpy(std::string_view bytes, const std::string& name);

// The elements in row-major order as Float32, Int64 or (from bytes and bools) UInt8. Floats become Int64 by cutting
// off.
HostTensor toTensor(const NpyArray& array, DType wanted);

}  // namespace netwright::data
