// SPDX-License-Identifier: Apache-2.0
// Training, validation and test samples: pure functions of sizes or labels, shares and seed. Used by openData.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace netwright::data {

struct Split {
  std::vector<int64_t> train, validation, test;  // disjoint, each ascending
  bool operator==(const Split&) const = default;
};

struct Shares {
  double validation = 0, test = 0;  // of all samples; each in [0, 1), together below 1
};

// round(size * share) random samples go to validation, as many of the others to test; at least one stays for training.
// The parts together are 0..size-1.
Split splitSamples(int64_t size, double validation, uint64_t seed);
Split splitSamples(int64_t size, Shares shares, uint64_t seed);

// The same totals, and of each class its share, to within one sample.
Split splitStratified(std::span<const int64_t> labels, Shares shares, uint64_t seed);

// Samples are in order of time: first training, then validation, then test. `gap` samples before validation and before
// test are in no part, because they share values with both sides.
Split splitByTime(int64_t size, Shares shares, int64_t gap = 0);

// `split` speaks of positions in `samples` (ascending); the result of the samples there.
Split ofSamples(const Split& split, std::span<const int64_t> samples);

}  // namespace netwright::data
