// SPDX-License-Identifier: Apache-2.0
// A tensor as PyTorch pickles it: sizes, strides and the number of its storage, whose bytes lie beside the pickle. Used
// by the exporters of PyTorch's formats.
#pragma once

#include "core/base/host_tensor.h"
#include "core/convert/wire/pickle.h"

namespace netwright::convert {

// torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks). `storage`: its entry is
// data/<storage>. float32 or int64.
void pickleTensor(PickleWriter& out, size_t storage, const HostTensor& tensor, bool requiresGrad);

}  // namespace netwright::convert
