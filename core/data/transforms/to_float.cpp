// SPDX-License-Identifier: Apache-2.0
#include "core/data/transforms/to_float.h"

#include <fmt/format.h>

#include "core/base/error.h"

namespace netwright::data {

TransformSpec toFloat() {
  TransformSpec spec;
  spec.kind = "to_float";
  spec.title = "Bytes to numbers";
  spec.doc = "Turns bytes 0 to 255 into float32 numbers, value times scale. With the default scale they lie in 0 to 1.";
  spec.params = {floatParam("scale", 1.0 / 255).withDoc("Factor; 1/255 maps 0 to 255 onto 0 to 1.").asMain()};
  spec.column = [](const ColumnSpec& in) {
    if (in.dtype != DType::UInt8)
      failInput(fmt::format("Transform 'to_float' expects uint8 but column '{}' holds {}.", in.name, name(in.dtype)),
                "", "Remove this step: the column holds numbers already.");
    ColumnSpec out = in;
    out.dtype = DType::Float32;
    return out;
  };
  // In double, so that scale 1/255 gives the very numbers of a division by 255.
  spec.make = [](const Attributes& params) {
    return [scale = number(params, "scale")](float x) { return static_cast<float>(static_cast<double>(x) * scale); };
  };
  return spec;
}

}  // namespace netwright::data
