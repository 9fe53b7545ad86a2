// SPDX-License-Identifier: Apache-2.0
// A rule of the graph: samples do not mix. Used by builtin/ only.
#pragma once

#include "core/layers/lowering.h"

namespace netwright::layers {

// The batch, dimension 0, stays where it is: every other layer counts on it. False after a complaint about `param`,
// whose fix sets it to `instead`.
bool checkNotBatch(Lowering& l, const char* param, int64_t dim, int64_t rank, int64_t instead);

}  // namespace netwright::layers
