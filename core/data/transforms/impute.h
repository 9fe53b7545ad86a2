// SPDX-License-Identifier: Apache-2.0
// Fills missing numbers with what the training samples suggest. Used by the registry.
#pragma once

#include "core/data/transform.h"

namespace netwright::data {

TransformSpec impute();

}  // namespace netwright::data
