// SPDX-License-Identifier: Apache-2.0
// Between host memory and LibTorch. Internal to engine and its tests.
#pragma once

#include <ATen/core/Tensor.h>

#include "core/base/host_tensor.h"

namespace netwright::engine {

at::ScalarType torchType(DType type);  // DefaultFloat is Float32
DType fromTorchType(at::ScalarType type);
at::Tensor view(const HostTensor& host);      // shares memory: the host tensor must live as long
HostTensor toHost(const at::Tensor& tensor);  // row-major copy

}  // namespace netwright::engine
