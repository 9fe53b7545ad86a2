// SPDX-License-Identifier: Apache-2.0
// Training and validation samples, a pure function of (size, fraction, seed).
#pragma once

#include <cstdint>
#include <vector>

namespace netwright::data {

struct Split {
  std::vector<int64_t> train, validation;  // disjoint, together 0..size-1, each ascending
};

// fraction in [0, 1): round(size * fraction) random samples go to validation, but at least one stays for training.
Split splitSamples(int64_t size, double fraction, uint64_t seed);

}  // namespace netwright::data
