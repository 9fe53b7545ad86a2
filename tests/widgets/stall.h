// SPDX-License-Identifier: GPL-3.0-or-later
// How long the GUI thread was busy without a look at its events: the longest stall while an object of this class lives.
// Reported; a test fails on hangs only, because times on a shared machine say little.
#pragma once

#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QTimer>
#include <cstdio>

namespace netwright {

class StallWatch {
 public:
  static constexpr qint64 kHangMs = 2000;

  explicit StallWatch(const char* what) : what_(what) {
    beat_.start();
    QObject::connect(&timer_, &QTimer::timeout, [this] { look(); });
    timer_.setTimerType(Qt::PreciseTimer);
    timer_.start(0);
  }
  ~StallWatch() {
    look();
    std::printf("Longest stall, %s: %lld ms\n", what_, static_cast<long long>(longest_));
    EXPECT_LT(longest_, kHangMs) << what_;
  }
  qint64 longest() const { return longest_; }

 private:
  void look() { longest_ = std::max(longest_, beat_.restart()); }
  const char* what_;
  QElapsedTimer beat_;
  QTimer timer_;
  qint64 longest_ = 0;
};

}  // namespace netwright
