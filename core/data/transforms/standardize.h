// SPDX-License-Identifier: Apache-2.0
// Mean 0 and standard deviation 1, learnt from the training samples. Used by the registry.
#pragma once

#include "core/data/transform.h"

namespace netwright::data {

TransformSpec standardize();
// For steps that take numbers: fails for bytes, which need 'to_float' before.
ColumnSpec numbersOnly(const std::string& kind, const ColumnSpec& column);

}  // namespace netwright::data
