// SPDX-License-Identifier: Apache-2.0
// Bytes to numbers: y = x * scale. Used by the registry.
#pragma once

#include "core/data/transform.h"

namespace netwright::data {

TransformSpec toFloat();

}  // namespace netwright::data
