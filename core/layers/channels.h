// SPDX-License-Identifier: Apache-2.0
// What layers with channels share: groups that divide them. Used by builtin/ only.
#pragma once

#include "core/layers/lowering.h"

namespace netwright::layers {

// The parameter `groups` divides both numbers of channels; false after a complaint.
bool requireEvenGroups(Lowering& l, int64_t inChannels, int64_t outChannels);

}  // namespace netwright::layers
