// SPDX-License-Identifier: Apache-2.0
// The range of the training samples mapped onto low to high. Used by the registry.
#pragma once

#include "core/data/transform.h"

namespace netwright::data {

TransformSpec minMax();

}  // namespace netwright::data
