// SPDX-License-Identifier: Apache-2.0
// An ONNX model whose numbers are float16 inside. Used by the ONNX exporter.
#pragma once

#include "core/convert/onnx/model.h"

namespace netwright::convert::onnx {

// Weights, constants and values become float16; inputs and outputs stay float32 behind a Cast each, so that whoever
// uses the file need not know. Throws Error{Input} that names a weight with a value beyond float16's 65504.
void makeHalf(Model& model);

}  // namespace netwright::convert::onnx
