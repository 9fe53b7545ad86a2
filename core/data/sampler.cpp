// SPDX-License-Identifier: Apache-2.0
#include "core/data/sampler.h"

#include "core/data/random.h"

namespace netwright::data {

std::vector<int64_t> epochOrder(std::span<const int64_t> samples, uint64_t seed, int64_t epoch) {
  std::vector<int64_t> order(samples.begin(), samples.end());
  CounterRandom(seed, Purpose::Epoch, static_cast<uint64_t>(epoch)).shuffle(order);
  return order;
}

}  // namespace netwright::data
