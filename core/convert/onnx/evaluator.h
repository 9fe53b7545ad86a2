// SPDX-License-Identifier: Apache-2.0
// Runs an ONNX model on the CPU, op by op: the second opinion on an export. It shares no code with the exporter.
// Float32 with sums in double precision; made for checking, not for speed.
#pragma once

#include <vector>

#include "core/base/host_tensor.h"
#include "core/convert/onnx/model.h"

namespace netwright::convert::onnx {

// The outputs in the graph's order. Throws Error{Input} naming the node for an operator it does not know, a missing
// input, sizes that do not fit, or a tensor of more than 2^28 elements.
std::vector<NamedTensor> evaluate(const Model& model, const std::vector<NamedTensor>& inputs);

}  // namespace netwright::convert::onnx
