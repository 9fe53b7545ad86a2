// SPDX-License-Identifier: Apache-2.0
#include "core/data/transforms/normalize.h"

#include <fmt/format.h>

#include "core/base/error.h"

namespace netwright::data {

TransformSpec normalize() {
  TransformSpec spec;
  spec.kind = "normalize";
  spec.title = "Normalise";
  spec.doc = "Subtracts the mean and divides by the standard deviation.";
  spec.params = {
      floatParam("mean", 0.5).withDoc("Subtracted from each value; 0.1307 for MNIST in 0 to 1.").asMain(),
      floatParam("std", 0.5).above(0).withDoc("Divides each value; 0.3081 for MNIST in 0 to 1.").asMain(),
  };
  spec.column = [](const ColumnSpec& in) {
    if (!isFloating(in.dtype))
      failInput(fmt::format("Transform 'normalize' expects float32 but column '{}' holds {}.", in.name, name(in.dtype)),
                "", "Put 'to_float' before it.");
    return in;
  };
  // In float32, operation by operation as PyTorch does it: the same bits.
  spec.make = [](const Attributes& params) {
    return [mean = static_cast<float>(number(params, "mean")),
            std = static_cast<float>(number(params, "std"))](float x) { return (x - mean) / std; };
  };
  return spec;
}

}  // namespace netwright::data
