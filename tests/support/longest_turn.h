// SPDX-License-Identifier: Apache-2.0
// How long the GUI thread was busy without a look at its events, while an object of this class lives. The processor
// time of that thread is told beside the time of the clock: it hardly suffers from what else the machine does.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>
#include <ctime>

namespace netwright {

class LongestTurn {
 public:
  LongestTurn() {
    clock_.start();
    QObject::connect(&timer_, &QTimer::timeout, [this] { look(); });
    timer_.setTimerType(Qt::PreciseTimer);
    timer_.start(0);
  }
  void look() {  // ends a turn
    const double cpu = threadMs();
    longestMs_ = std::max(longestMs_, clock_.restart());
    longestCpuMs_ = std::max(longestCpuMs_, cpu - cpu_);
    cpu_ = cpu;
  }
  qint64 ms() const { return longestMs_; }
  double cpuMs() const { return longestCpuMs_; }

 private:
  static double threadMs() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
  }
  QElapsedTimer clock_;
  QTimer timer_;
  double cpu_ = threadMs(), longestCpuMs_ = 0;
  qint64 longestMs_ = 0;
};

}  // namespace netwright
