// SPDX-License-Identifier: Apache-2.0
#include "core/run/retention.h"

#include <algorithm>

namespace netwright::run {

std::vector<std::string> superfluous(const std::vector<KeptCheckpoint>& all, int64_t keepBest, int64_t keepLast) {
  if (all.empty() || (keepBest <= 0 && keepLast <= 0)) return {};
  std::vector<bool> stays(all.size(), false);
  const auto last = std::min(all.size(), static_cast<size_t>(std::max<int64_t>(keepLast, 1)));
  std::fill(stays.end() - static_cast<long>(last), stays.end(), true);
  std::vector<size_t> best;
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].value) best.push_back(i);
  std::stable_sort(best.begin(), best.end(), [&](size_t a, size_t b) { return *all[a].value > *all[b].value; });
  best.resize(std::min(best.size(), static_cast<size_t>(std::max<int64_t>(keepBest, 1))));
  for (const size_t i : best) stays[i] = true;
  std::vector<std::string> gone;
  for (size_t i = 0; i < all.size(); ++i)
    if (!stays[i]) gone.push_back(all[i].path);
  return gone;
}

}  // namespace netwright::run
