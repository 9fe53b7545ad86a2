// SPDX-License-Identifier: Apache-2.0
// How the values of a weight are spread: what each epoch of a run records of its parameters.
#pragma once

#include "core/base/host_tensor.h"
#include "core/store/recorder.h"

namespace netwright::train {

// 64 bins of equal width from the least to the greatest finite value; the last one holds both its ends. Values that are
// all equal lie in one bin around them; values that are not finite are left out. float32 only: none without values.
std::optional<store::HistogramRow> weightHistogram(const NamedTensor& weight, int64_t step, double seconds);

}  // namespace netwright::train
