// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/memory_plan.h"

#include <algorithm>

namespace netwright::convert::cpp {
namespace {

using program::Answer;
using program::Dim;

// For one sample: what decides which buffer fits best.
int64_t typical(const MemoryPlan::Buffer& buffer) {
  int64_t most = 0;
  for (const Dim& d : buffer.counts) most = std::max(most, d.evaluate({{"N", 1}}).value_or(0));
  return most;
}

}  // namespace

// The smallest free one that is large enough; else the largest, which grows.
size_t MemoryPlan::take(DType type, const Dim& count) {
  const int64_t wanted = count.evaluate({{"N", 1}}).value_or(0);
  size_t best = buffers_.size();
  for (size_t i = 0; i < buffers_.size(); ++i) {
    if (buffers_[i].taken || buffers_[i].type != type) continue;
    if (best == buffers_.size()) {
      best = i;
      continue;
    }
    const int64_t here = typical(buffers_[i]), before = typical(buffers_[best]);
    const bool fits = here >= wanted, fitBefore = before >= wanted;
    if (fits != fitBefore ? fits : fits ? here < before : here > before) best = i;
  }
  if (best == buffers_.size()) buffers_.push_back({type, {}, false});
  buffers_[best].taken = true;
  grow(best, count);
  return best;
}

void MemoryPlan::grow(size_t index, const Dim& count) {
  std::vector<Dim>& counts = buffers_[index].counts;
  for (const Dim& d : counts)
    if (d.atLeast(count) == Answer::Yes) return;
  counts.erase(
      std::remove_if(counts.begin(), counts.end(), [&](const Dim& d) { return count.atLeast(d) == Answer::Yes; }),
      counts.end());
  counts.push_back(count);
}

}  // namespace netwright::convert::cpp
