// SPDX-License-Identifier: Apache-2.0
// Data made by formulas, to learn and to test with: blobs, spirals, moons, circles, sine. Used by the registry.
#pragma once

#include "core/data/registry.h"

namespace netwright::data {

// Sample i is a function of the settings and i alone: more samples leave the first ones as they are.
// Classification: "x" float32 (features,), "label" int64, classes in turn. Regression (sine): "x" (1,), "y" (1,).
SourceSpec blobsSource();
SourceSpec spiralsSource();
SourceSpec moonsSource();
SourceSpec circlesSource();
SourceSpec sineSource();

}  // namespace netwright::data
