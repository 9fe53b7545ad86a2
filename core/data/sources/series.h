// SPDX-License-Identifier: Apache-2.0
// Time series in CSV files, cut into windows: the last values as features, the next ones as target. Used by the
// registry.
#pragma once

#include "core/data/registry.h"

namespace netwright::data {

// "x" float32 (window, channels), oldest first; the target is called as its column: float32 (horizon,), the values that
// follow the window. Sample i begins at row i * stride. Split by time only; no value is in two parts.
SourceSpec seriesSource();

}  // namespace netwright::data
