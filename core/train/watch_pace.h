// SPDX-License-Identifier: Apache-2.0
// When a training step may tell the statistics of its nodes, so that they cost little of a run. Times are seconds of
// training, pauses left out.
#pragma once

namespace netwright::train {

// From a watched step that took `extra` seconds longer than others to the next: the statistics take 1 % of the time,
// but come at least each 5 s while that keeps them below 2 %, and at most twice a second.
double watchPause(double extra);

class WatchPace {
 public:
  bool due(double now) const { return usual_ > 0 && now >= next_; }  // not before there is a step to compare with
  void stepped(double seconds);                                      // a step that was not watched took so long
  void watched(double now, double seconds);                          // a watched one, which ended now, did

 private:
  double usual_ = 0;  // of a step that is not watched, recent ones count most; 0: none was
  double next_ = 0;
};

}  // namespace netwright::train
