// SPDX-License-Identifier: Apache-2.0
// Shift and scale: y = (x - mean) / std. Used by the registry.
#pragma once

#include "core/data/transform.h"

namespace netwright::data {

TransformSpec normalize();

}  // namespace netwright::data
