// SPDX-License-Identifier: Apache-2.0
// A PyTorch state dict as torch.save writes it: tensors by name, without code of any kind. torch.load opens it with
// weights_only=True. Used by exporters.
#pragma once

#include <vector>

#include "core/base/chunks.h"
#include "core/base/host_tensor.h"
#include "core/base/safetensors.h"

namespace netwright::convert {

// The tensors' data is borrowed. `origin` lies beside them, where PyTorch does not look.
Chunks stateDict(const std::vector<TensorRef>& tensors, const TextMap& origin = {});

}  // namespace netwright::convert
