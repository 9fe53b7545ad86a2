// SPDX-License-Identifier: Apache-2.0
// What layers with channels share: groups that divide them, and batch normalisation of one to three dimensions. Used by
// builtin/ only.
#pragma once

#include "core/layers/lowering.h"

namespace netwright::layers {

// The parameter `groups` divides both numbers of channels; false after a complaint.
bool requireEvenGroups(Lowering& l, int64_t inChannels, int64_t outChannels);
// The whole lowering of a BatchNorm layer whose input x has `low` to `high` dimensions, called `form` in messages.
void lowerBatchNorm(Lowering& l, size_t low, size_t high, const char* form);

}  // namespace netwright::layers
