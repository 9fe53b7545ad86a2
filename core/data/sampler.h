// SPDX-License-Identifier: Apache-2.0
// The order in which an epoch visits its samples, a pure function of (seed, epoch): a run resumes at any batch by
// asking again.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace netwright::data {

// A permutation of `samples`. Does not depend on platform, threads or earlier epochs.
std::vector<int64_t> epochOrder(std::span<const int64_t> samples, uint64_t seed, int64_t epoch);

}  // namespace netwright::data
