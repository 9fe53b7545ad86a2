// SPDX-License-Identifier: Apache-2.0
#include "core/train/watch_pace.h"

#include <gtest/gtest.h>

namespace netwright::train {
namespace {

TEST(WatchPace, TakesOnePerCentTwoWhereTheyWouldBeRareAndNeverMoreThanTwoInASecond) {
  EXPECT_DOUBLE_EQ(watchPause(0), 0.5);
  EXPECT_DOUBLE_EQ(watchPause(0.001), 0.5);
  EXPECT_DOUBLE_EQ(watchPause(0.037), 3.7);
  EXPECT_DOUBLE_EQ(watchPause(0.05), 5);
  EXPECT_DOUBLE_EQ(watchPause(0.1), 5);
  EXPECT_DOUBLE_EQ(watchPause(1), 50);
}

struct Spent {
  double share;
  int watched;
};

// Training for a while, steps of `step` seconds and `extra` more where watched.
Spent train(double step, double extra, double seconds) {
  WatchPace pace;
  double now = 0, watching = 0;
  int watched = 0;
  while (now < seconds) {
    const bool watch = pace.due(now);
    now += watch ? step + extra : step;
    watch ? pace.watched(now, step + extra) : pace.stepped(step);
    watching += watch ? extra : 0;
    watched += watch;
  }
  return {watching / seconds, watched};
}

TEST(WatchPace, KeepsARunsShareSmallAndTheNumbersComing) {
  for (const double step : {0.0002, 0.03, 0.9}) {
    for (const double extra : {0.00005, 0.004, 0.04}) {
      const Spent spent = train(step, extra, 600);
      EXPECT_LE(spent.share, 0.0105) << step << ' ' << extra;
      EXPECT_GE(spent.watched, 600 / (5 + 2 * step) - 10) << "one in five seconds: " << step << ' ' << extra;
    }
    EXPECT_LE(train(step, 2, 3600).share, 0.0205) << "however slow they are, with steps of " << step;
  }
}

TEST(WatchPace, TheFirstStepIsThereToCompareWithAndTheSecondIsWatched) {
  WatchPace pace;
  EXPECT_FALSE(pace.due(0));
  pace.watched(0.4, 0.4);  // all the same, by a single step
  pace.stepped(0.01);
  EXPECT_FALSE(pace.due(0.41));
  EXPECT_TRUE(pace.due(0.9)) << "nothing is known of what it cost";
}

}  // namespace
}  // namespace netwright::train
