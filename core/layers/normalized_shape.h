// SPDX-License-Identifier: Apache-2.0
// What layers share that normalise over the last dimensions. Used by builtin/ only.
#pragma once

#include "core/layers/lowering.h"

namespace netwright::layers {

ParamSpec normalizedShapeParam();
// What normalized_shape says, or the last dimension, checked against x; empty after a complaint.
Shape normalizedShape(Lowering& l, const Value& x);

}  // namespace netwright::layers
