// SPDX-License-Identifier: GPL-3.0-or-later
// The longest stall of the GUI thread while an object of this class lives. Reported; a test fails on hangs only,
// because times on a shared machine say little.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>

#include "tests/support/longest_turn.h"

namespace netwright {

class StallWatch {
 public:
  static constexpr qint64 kHangMs = 2000;

  explicit StallWatch(const char* what) : what_(what) {}
  ~StallWatch() {
    turn_.look();
    std::printf("Longest stall, %s: %lld ms, %.0f ms of processor time\n", what_, static_cast<long long>(turn_.ms()),
                turn_.cpuMs());
    EXPECT_LT(turn_.ms(), kHangMs) << what_;
  }

 private:
  const char* what_;
  LongestTurn turn_;
};

}  // namespace netwright
