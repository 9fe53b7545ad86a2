// SPDX-License-Identifier: Apache-2.0
// NumPy arrays as data: an NPZ archive, or a folder of NPY files. Used by the registry.
#pragma once

#include "core/data/registry.h"

namespace netwright::data {

// Arrays x and y (or as set), the sample first; or x_train, y_train with x_val or x_validation and x_test, likewise y.
// Bytes stay uint8, other features become float32. Whole numbers as targets are classes, floats are numbers.
SourceSpec numpySource();

}  // namespace netwright::data
