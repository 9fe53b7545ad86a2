// SPDX-License-Identifier: Apache-2.0
#include "core/train/watch_pace.h"

#include <algorithm>

namespace netwright::train {
namespace {

constexpr double kShare = 0.01, kLargestShare = 0.02;
constexpr double kShortest = 0.5, kLongest = 5;
constexpr double kNews = 0.1;  // weight of the newest step in the usual one

}  // namespace

double watchPause(double extra) {
  return std::max({kShortest, std::min(extra / kShare, kLongest), extra / kLargestShare});
}

void WatchPace::stepped(double seconds) { usual_ = usual_ == 0 ? seconds : usual_ + kNews * (seconds - usual_); }

void WatchPace::watched(double now, double seconds) {
  next_ = now + watchPause(usual_ == 0 ? 0 : std::max(0.0, seconds - usual_));
}

}  // namespace netwright::train
