// SPDX-License-Identifier: Apache-2.0
#include "core/data/split.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/data/random.h"

namespace netwright::data {

Split splitSamples(int64_t size, double fraction, uint64_t seed) {
  assert(size >= 0 && fraction >= 0 && fraction < 1);
  std::vector<int64_t> all(static_cast<size_t>(size));
  std::iota(all.begin(), all.end(), int64_t{0});
  const int64_t wanted = std::llround(static_cast<double>(size) * fraction);
  const int64_t held = std::clamp<int64_t>(wanted, 0, std::max<int64_t>(size - 1, 0));
  if (held > 0) CounterRandom(seed, Purpose::Split).shuffle(all);

  Split split;
  split.validation.assign(all.begin(), all.begin() + held);
  split.train.assign(all.begin() + held, all.end());
  std::sort(split.validation.begin(), split.validation.end());
  std::sort(split.train.begin(), split.train.end());
  return split;
}

}  // namespace netwright::data
