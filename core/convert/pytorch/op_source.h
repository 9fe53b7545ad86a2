// SPDX-License-Identifier: Apache-2.0
// Ops as a person writes them in PyTorch: a + b, x.reshape(-1, 3), torch.cat([a, b], dim=1), F.gelu(x). Used by
// model_source.cpp.
#pragma once

#include <string>

#include "core/convert/python/op_text.h"

namespace netwright::convert::pytorch {

// The right side of a statement. Ops without a name of their own in PyTorch are called by their schema:
// torch.ops.aten.NAME.
std::string opCall(const program::Program& program, const program::Op& op, const python::Dialect& dialect);

// Where PyTorch keeps the op: "torch.cat", "F.gelu", "torch.ops.aten.huber_loss.default".
std::string functionOf(const program::OpInfo& op);
std::string dtypeText(DType type);  // "torch.float32"

}  // namespace netwright::convert::pytorch
